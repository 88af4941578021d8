/**
 * Wait words: how one CPU sleeps until another one wakes it.
 *
 * Each CPU has a word of its own, on a cache line of its own, so a wake is one store and one notify
 * that touch nobody else's line.
 *
 * @module
 */
import * as registers from "../layout/registers.ts";
import * as sizes from "../layout/sizes.ts";
import * as statusWords from "../layout/status.ts";
import { views } from "./arena.ts";

const { ctl, wake } = views();
const { regs, CPU } = registers;
const { WAKE_STRIDE } = sizes;
const { POISON } = statusWords;

/** Thrown in a Worker that is told to leave its loop for good. */
export class Poisoned extends Error {
  override name = "Poisoned";
}

/** Wake CPU `cpu`. */
export function wakeCpu(cpu: number): void {
  Atomics.store(wake, cpu * WAKE_STRIDE, 1);
  Atomics.notify(wake, cpu * WAKE_STRIDE, 1);
}

/** Sleep until another CPU wakes this one. */
export function waitTurn(): void {
  const w = regs[CPU] * WAKE_STRIDE;
  while (Atomics.load(wake, w) === 0) Atomics.wait(wake, w, 0);
  Atomics.store(wake, w, 0);
  if (ctl[POISON] !== 0) throw new Poisoned();
}

/** Sleep for at most a millisecond: for a CPU that nobody will wake. */
export function nap(): void {
  Atomics.wait(wake, regs[CPU] * WAKE_STRIDE + 1, 0, 1);
}
