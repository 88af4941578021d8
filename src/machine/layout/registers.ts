/**
 * What each Worker keeps about its own CPU, in unshared memory.
 *
 * Typed arrays rather than variables: a number in a typed array never becomes a heap number, so the
 * hot path cannot allocate.
 *
 * @module
 */
import { numbering } from "./numbering.ts";

const REGISTERS = 16;

/** Registers; indices below. */
export const regs = new Int32Array(REGISTERS);

const register = numbering("registers", 0, REGISTERS);

/** Depth of the shadow call stack: index of the current frame; 0 is "no function". */
export const SP: number = register();
/** Site of the previous point on this CPU, for path features. */
export const PREV: number = register();
/** The actor that this CPU is, shifted to where a meta word keeps the last writer. */
export const TAG: number = register();
/** This CPU's number. */
export const CPU: number = register();
/** Start of this CPU's block in `pcpu`. */
export const BLOCK: number = register();

/** Frame below the first one of the handler that runs, 0 in a task: what is below was interrupted. */
export const FLOOR: number = register();

/** Key in the coverage map of the path to the last point. */
export const EDGE: number = register();

/** What the CPU is about to do, while an interrupt is let in before it: primitive and cell. */
export const ABOUT_PRIM: number = register();
export const ABOUT_ADDR: number = register();

/** Deepest call stack the model may have. */
export const DEPTH_MAX = 512;
/** Function of each frame; {@linkcode FRAME_SEEN} marks frames a symbolic step has looked at. */
export const frameFn = new Int32Array(DEPTH_MAX);
export const FRAME_SEEN = 1 << 30;

/**
 * Site of the last point: the function's number, shifted, plus the points passed in this call. A
 * call starts its own count and its return restores the caller's.
 */
export const SITE: number = register();
/** Bits of a site that count points within one call; a long loop runs over into the next number. */
export const SITE_BITS = 6;
