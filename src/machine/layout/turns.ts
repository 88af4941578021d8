/**
 * Control words of turns: how often the baton changed hands, and whether its holder spins.
 *
 * @module
 */
import { controlWords } from "./control.ts";
import { SET_WORDS } from "./cpu_set.ts";

const word = controlWords("turns");

/** Switches from one CPU to another. */
export const SWITCHES: number = word();
/** 1: no CPU has anything left to do. */
export const FINISHED: number = word();
/** Points of the execution at which the CPU with the baton is looked at for spinning; see spin.ts. */
export const SPIN_AT: number = word();
/** Points at which its turn began. */
export const TURN_BEGAN: number = word();
/** CPUs that spin, and since the first of them was found no CPU has done anything else: a set. */
export const SPINNING: number = word(SET_WORDS);
/** 1: the turn that ends now ends because its CPU spins. */
export const GIVES_WAY: number = word();
/** CPUs that were found spinning in this execution: a set. */
export const SPUN: number = word(SET_WORDS);

/** Reasons for a switch, as recorded; their names are in record/trace.ts. */
export const BY_SCHEDULE = 1;
export const BY_BLOCK = 2;
export const BY_END = 3;
/** The schedule left the CPU between two of its operations. */
export const BY_AFTER = 4;
