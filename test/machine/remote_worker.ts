/** A whole machine behind messages: CPU 0 is this Worker. */
import { type Machine, makeMachine } from "./harness.ts";

const self = globalThis as unknown as DedicatedWorkerGlobalScope;
let machine: Machine | undefined;

self.onmessage = async ({ data }) => {
  try {
    if (data.open) {
      machine = await makeMachine(data.open);
      self.postMessage({ ok: null });
    } else if (data.run) {
      self.postMessage({ ok: machine!.run(data.run.body, data.run.options) });
    } else {
      machine?.close();
      self.postMessage({ ok: null });
      self.close();
    }
  } catch (e) {
    self.postMessage({ error: (e as Error).stack ?? String(e) });
  }
};
