/**
 * The entry of the Workers of CPU 1 and above: join the machine, then run until it is closed.
 *
 * @module
 */
import { assemble, type Assembly } from "./assemble.ts";

interface Join {
  readonly assembly: Assembly;
  readonly cpu: number;
  readonly buffer: SharedArrayBuffer;
}

const self = globalThis as unknown as DedicatedWorkerGlobalScope;

self.onmessage = async (e: MessageEvent<Join>) => {
  const { assembly, cpu, buffer } = e.data;
  try {
    await assemble(assembly, cpu, buffer);
    const { cpuMain } = await import("../../machine/cpu_main.ts");
    self.postMessage({ joined: cpu });
    cpuMain();
  } catch (error) {
    self.postMessage({ failed: (error as Error).stack ?? String(error) });
  }
  self.close();
};
