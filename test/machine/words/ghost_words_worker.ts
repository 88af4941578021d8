/** Another CPU that asks for ghost words, and posts the indices that it got. */
import { load } from "../../../src/machine/load.ts";
import { DEFAULT_CONFIG } from "../../../src/machine/words/config.ts";

self.onmessage = async (e: MessageEvent<{ buffer: SharedArrayBuffer; names: string[] }>) => {
  const { modules } = await load(
    { config: DEFAULT_CONFIG, cpu: 1, shared: e.data.buffer },
    () => import("../../../src/machine/words/ghost_words.ts"),
  );
  self.postMessage(e.data.names.map((name) => modules.keptWords(name, 3)));
};
