/**
 * Words of each CPU about the locks it holds.
 *
 * @module
 */
import { percpuWords } from "./percpu.ts";
import { HELD_MAX } from "./sizes.ts";

const word = percpuWords("held");

/** Locks held: how many. */
export const HELD: number = word();
/** Sleeping locks of PREEMPT_RT held. */
export const RT_LOCKS: number = word();
/** Locks held: class and how (see lock.ts), and their addresses. */
export const HELD_CLASS: number = word(HELD_MAX);
export const HELD_ADDR: number = word(HELD_MAX);
