/**
 * The packed form of a symbolic schedule: a header and steps of a fixed size.
 *
 * @module
 */
import { LIMITS } from "../../prog/types.ts";

/** Header: the number of steps. */
export const S_NSTEPS = 0;
/** The first step. */
export const S_STEPS = 2;
/** Words of one step. */
export const STEP_WORDS = 8;
/** Words of the longest symbolic schedule. */
export const SYMBOLIC_WORDS: number = S_STEPS + LIMITS.steps * STEP_WORDS;

/** The CPU that the step is about. */
export const T_CPU = 0;
/** What the step says: see STEP_ constants. */
export const T_KIND = 1;
/** Function; for STEP_AFTER, the number of the operation in the target. */
export const T_FN = 2;
/** Function called from T_FN, or 0. */
export const T_CALLEE = 3;
/** Primitive, or -1. */
export const T_PRIM = 4;
/** Field, or -1. */
export const T_FIELD = 5;
/** Occurrence of the point, from 1. */
export const T_NTH = 6;

/** Run the CPU to its end. */
export const STEP_END = 0;
/** Run the CPU until it comes to a point. */
export const STEP_UNTIL = 1;
/** Deliver the next interrupt operation of the CPU. */
export const STEP_INTERRUPT = 2;
/** Run RCU callbacks on the CPU. */
export const STEP_SOFTIRQ = 3;

/** Run the CPU until an operation of its has ended. */
export const STEP_AFTER = 4;
/** Let the kworker of the CPU preempt its task. */
export const STEP_KWORKER = 5;

/** Where step `i` of a packed schedule begins. */
export function stepAt(i: number): number {
  return S_STEPS + STEP_WORDS * i;
}
