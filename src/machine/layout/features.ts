/**
 * The coverage map: a byte for every feature, of which the low bits have a meaning.
 *
 * @module
 */

/** Buckets of the coverage map, a power of two. */
export const FEATURES = 1 << 16;
/** Path features lie in the lower half of the map, reads-from pairs and abstract states in the upper. */
export const HALF: number = FEATURES / 2;
/** What is left of a hash of 32 bits to be below {@linkcode HALF}: so many bits down. */
export const HALF_SHIFT: number = Math.clz32(HALF) + 1;

/** It was seen. */
export const SEEN_YES = 1;
/** CPUs met at this point once. */
export const SEEN_MEETING = 2;
