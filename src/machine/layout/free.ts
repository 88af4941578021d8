/**
 * Control words of free-running mode; see free/free.ts.
 *
 * @module
 */
import { controlWords } from "./control.ts";

const word = controlWords("free");

/** CPUs that are done, after which nobody need go on. Atomic. */
export const ARRIVED: number = word();
/** CPUs that have left their program. Atomic. */
export const DEPARTED: number = word();
/** CPUs that have operations. */
export const BUSY_CPUS: number = word();
/** 1: CPUs go on beyond their rounds until all have done theirs. */
export const KEEP_GOING: number = word();
/** Rounds each CPU runs its operations. */
export const ROUNDS: number = word();
