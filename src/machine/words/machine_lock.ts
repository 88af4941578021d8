/**
 * The machine's own lock over its lists; only needed in free-running mode.
 *
 * @module
 */
import * as lockWords from "../layout/machine_lock.ts";
import { views } from "./arena.ts";

const { ctl } = views();
const { MACHINE_LOCK } = lockWords;

/** Attempts before a CPU sleeps: sections are a few instructions, and each CPU may have a core. */
const SPINS = 200;

/** Take it, spinning at first. */
export function machineLock(): void {
  for (let i = 0; Atomics.compareExchange(ctl, MACHINE_LOCK, 0, 1) !== 0; i++) {
    if (i > SPINS) Atomics.wait(ctl, MACHINE_LOCK, 1, 1);
  }
}

export function machineUnlock(): void {
  Atomics.store(ctl, MACHINE_LOCK, 0);
  Atomics.notify(ctl, MACHINE_LOCK, 1);
}

/** An execution begins: nobody has it, even if the last execution was abandoned inside a section. */
export function resetMachineLock(): void {
  ctl[MACHINE_LOCK] = 0;
}
