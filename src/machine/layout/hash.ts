/**
 * Constants of the hashes that the machine computes point by point, and its random numbers.
 *
 * @module
 */

/** FNV-1a, 32 bits (Fowler, Noll, Vo): where it begins, and what it multiplies by. */
export const FNV_OFFSET: number = 0x811c9dc5 | 0;
export const FNV_PRIME = 0x01000193;
/** 2^32 divided by the golden ratio: Fibonacci hashing (Knuth, TAOCP 6.4). */
export const GOLDEN = 0x9e3779b1;
/** The first multiplier of MurmurHash3's finaliser. */
export const MURMUR = 0x85ebca6b;

/** xorshift32 (Marsaglia 2003): the state after `x`; never 0 if that is not. */
export function xorshift(x: number): number {
  x ^= x << 13;
  x ^= x >>> 17;
  return x ^ (x << 5);
}
