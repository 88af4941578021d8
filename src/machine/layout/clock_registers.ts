/**
 * What each Worker keeps of the clocks for itself.
 *
 * @module
 */
import { numbering } from "./numbering.ts";

const REGISTERS = 16;

/** What this Worker keeps of the clocks, in a typed array for the same reason as the registers. */
export const own = new Int32Array(REGISTERS);

const register = numbering("clock registers", 0, REGISTERS);

/** 1 if clocks run. */
export const RUNNING: number = register();
/** The thread, and where its clock is. */
export const ME: number = register();
export const ROW: number = register();
/** Components of a clock, and threads. */
export const N: number = register();
export const NTHREADS: number = register();
/** Nesting of what nobody must look at, and of what counts as marked. */
export const MUTED: number = register();
export const ATOMIC: number = register();
/** Cell and site of the last plain load: a store right after it makes a read-write. */
export const LOADED_CELL: number = register();
export const LOADED_SITE: number = register();
