/**
 * Shadow states of cells, bits 0 to 2 of a meta word; see shadow.ts.
 *
 * @module
 */

/** Allocated and written. */
export const LIVE = 0;
/** Around an object, or never part of one. */
export const REDZONE = 1;
/** In a slab, but not allocated yet. */
export const UNALLOCATED = 2;
/** Freed. */
export const FREED = 3;
/** Allocated, but never written. */
export const UNWRITTEN = 4;
/** Holds a value that was computed from one never written. */
export const POISONED = 5;

/** The bit that only the states of cells without a value have. */
export const NO_VALUE: number = UNWRITTEN & POISONED;

/** What a cell holds that was not zeroed: POISON_FREE, which is no address of anything. */
export const GARBAGE = 0x6b6b6b6b;
