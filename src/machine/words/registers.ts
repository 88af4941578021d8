/**
 * What each Worker keeps about its own CPU, in unshared memory.
 *
 * Typed arrays rather than variables: a number in a typed array never becomes a heap number, so the
 * hot path cannot allocate.
 *
 * @module
 */

/** Registers; indices below. */
export const regs = new Int32Array(16);
/** Depth of the shadow call stack: index of the current frame; 0 is "no function". */
export const SP = 0;
/** Site of the previous point on this CPU, for path features. */
export const PREV = 1;
/** This CPU's number, shifted to where a meta word keeps the last writer. */
export const TAG = 2;
/** This CPU's number. */
export const CPU = 3;
/** Start of this CPU's block in `pcpu`. */
export const BLOCK = 4;

/** Frame below the first one of the handler that runs, 0 in a task: what is below was interrupted. */
export const FLOOR = 9;

/** Key in the coverage map of the path to the last point. */
export const EDGE = 8;

/** What the CPU is about to do, while an interrupt is let in before it: primitive and cell. */
export const ABOUT_PRIM = 6;
export const ABOUT_ADDR = 7;

/** Deepest call stack the model may have. */
export const DEPTH_MAX = 512;
/** Function of each frame; {@linkcode FRAME_SEEN} marks frames a symbolic step has looked at. */
export const frameFn = new Int32Array(DEPTH_MAX);
export const FRAME_SEEN = 1 << 30;

/**
 * Site of the last point: the function's number, shifted, plus the points passed in this call. A
 * call starts its own count and its return restores the caller's.
 */
export const SITE = 5;
/** Bits of a site that count points within one call; a long loop runs over into the next number. */
export const SITE_BITS = 6;
