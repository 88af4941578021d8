/**
 * Remembered accesses: what KCSAN keeps of the accesses to a cell; see clocks/clock_cells.ts.
 *
 * @module
 */

/** What kind of access it was: flags of {@linkcode packWhat}. */
export const WRITES = 1;
export const MARKED = 2;
/** A load and the store right after it. */
export const COMPOUND = 4;
/** The value was another one afterwards. */
export const CHANGED = 8;
/** Not an access but the claim that nobody else writes, or with WRITES that nobody accesses. */
export const ASSERT = 16;
/** The claim holds for a whole scope. */
export const SCOPED = 32;
/** Larger than a word, so that nothing makes it atomic. */
export const WIDE = 64;
/** Plain, but where the code says that it counts as marked: with MARKED. */
export const NESTED = 128;
/** Words of a remembered access: time, what it was, its record in the trace, values, mask. */
export const A_TIME = 0;
export const A_WHAT = 1;
export const A_TRACED = 2;
export const A_OLD = 3;
export const A_NEW = 4;
export const ACCESS_WORDS = 5;
/** A thread's accesses in the history of a cell. */
export const READ = 0;
export const MARKED_READ = ACCESS_WORDS;
export const WRITE = 2 * ACCESS_WORDS;
export const MARKED_WRITE = 3 * ACCESS_WORDS;
export const CLAIM = 4 * ACCESS_WORDS;
export const THREAD_WORDS = 5 * ACCESS_WORDS;
/** At the start of a history: threads that have one, a bit each. */
export const MASKS = 4;
/** Of what no primitive does. */
export const NO_PRIM = 0xff;
/** Later than every time: a claim whose scope has not ended. */
export const OPEN = 0x7fffffff;

const PRIM_SHIFT = 8;
const FN_SHIFT = 16;
const PRIM_MASK = 0xff;

/** What an access was, in one word: the function that made it, its primitive, and flags. */
export function packWhat(fn: number, prim: number, flags: number): number {
  return (fn << FN_SHIFT) | (prim << PRIM_SHIFT) | flags;
}

/** The function in a word that {@linkcode packWhat} made. */
export function whatFn(what: number): number {
  return what >>> FN_SHIFT;
}

/** The primitive in a word that {@linkcode packWhat} made. */
export function whatPrim(what: number): number {
  return (what >>> PRIM_SHIFT) & PRIM_MASK;
}
