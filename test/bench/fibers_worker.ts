/** One machine for fibers.ts, which compares fibers and Workers. */
import fc from "fast-check";
import { makeMachine, OBJCG } from "../machine/harness.ts";
import { inputs } from "../properties/determinism.ts";
import { comparison } from "../properties/fibers.ts";

export interface FibersOrder {
  readonly kernel: string;
  readonly kcsan: "off" | "strict";
  readonly inputs: number;
  readonly seed: number;
}

export interface FibersResult {
  readonly compared: number;
  /** Inputs that fibers cannot run. */
  readonly left: number;
  readonly difference: string | null;
}

const CPUS = 4;
const self = globalThis as unknown as DedicatedWorkerGlobalScope;

async function compareAll({ inputs: n, kcsan, kernel, seed }: FibersOrder): Promise<FibersResult> {
  const m = await makeMachine({ cpus: CPUS, kernel, kcsan, target: OBJCG });
  const compare = await comparison(m);
  let compared = 0;
  let left = 0;
  try {
    fc.assert(
      fc.property(await inputs(m, CPUS), (p) => {
        if (compare(p)) compared++;
        else left++;
      }),
      { seed, numRuns: n },
    );
    return { compared, left, difference: null };
  } catch (e) {
    const { cause, message } = e as Error;
    return { compared, left, difference: `${message}\n${cause ?? ""}` };
  } finally {
    m.close();
  }
}

self.onmessage = async (e: MessageEvent<FibersOrder>) => {
  self.postMessage(await compareAll(e.data));
};
