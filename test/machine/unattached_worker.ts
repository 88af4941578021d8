/** Loads modules of the machine without an arena, and tells what they say. */
const self = globalThis as unknown as DedicatedWorkerGlobalScope;

async function error(module: Promise<unknown>): Promise<string> {
  try {
    await module;
    return "loaded";
  } catch (e) {
    return (e as Error).message.split(". ")[0];
  }
}

self.postMessage([
  await error(import("../../src/machine/memory/point.ts")),
  await error(import("../../src/machine/execution.ts")),
  await error(import("../../src/kernel/memcontrol.ts")),
]);
