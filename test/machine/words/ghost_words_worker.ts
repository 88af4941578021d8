/** Another CPU that asks for ghost words, and posts the indices that it got. */
import { attach } from "../../../src/machine/words/arena.ts";
import { DEFAULT_CONFIG } from "../../../src/machine/words/config.ts";

self.onmessage = async (e: MessageEvent<{ buffer: SharedArrayBuffer; names: string[] }>) => {
  attach(DEFAULT_CONFIG, e.data.buffer);
  const { keptWords } = await import("../../../src/machine/words/ghost_words.ts");
  self.postMessage(e.data.names.map((name) => keptWords(name, 3)));
};
