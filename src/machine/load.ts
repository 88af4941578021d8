/**
 * How a machine comes into being in a thread.
 *
 * @module
 */
import { attach } from "./words/arena.ts";
import type { MachineConfig } from "./words/config.ts";

/** Become CPU `cpu` of a machine; `shared` is its arena, if another thread has made it. */
export async function load(
  config: MachineConfig,
  cpu: number,
  shared?: SharedArrayBuffer,
): Promise<SharedArrayBuffer> {
  const buffer = attach(config, shared);
  const { becomeCpu } = await import("./words/cpu_state.ts");
  const { setMode } = await import("./hooks/mode.ts");
  becomeCpu(cpu);
  if (config.free) setMode((await import("./free/free.ts")).free);
  else setMode((await import("./lockstep/lockstep.ts")).lockstep);
  return buffer;
}
