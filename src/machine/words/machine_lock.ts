/**
 * The machine's own lock over its lists; only needed in free-running mode.
 *
 * @module
 */
import * as arena from "./arena.ts";
import * as C from "./control.ts";

const { ctl } = arena;
const { MACHINE_LOCK } = C;

/** Take it; sections are a few instructions, so it spins before it sleeps. */
export function machineLock(): void {
  for (let i = 0; Atomics.compareExchange(ctl, MACHINE_LOCK, 0, 1) !== 0; i++) {
    if (i > 200) Atomics.wait(ctl, MACHINE_LOCK, 1, 1);
  }
}

export function machineUnlock(): void {
  Atomics.store(ctl, MACHINE_LOCK, 0);
  Atomics.notify(ctl, MACHINE_LOCK, 1);
}
