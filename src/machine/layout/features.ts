/**
 * The coverage map: a byte for every feature, of which the low bits have a meaning.
 *
 * @module
 */

/** Buckets of the coverage map, a power of two. */
export const FEATURES = 1 << 16;
/** It was seen. */
export const SEEN_YES = 1;
/** CPUs met at this point once. */
export const SEEN_MEETING = 2;
