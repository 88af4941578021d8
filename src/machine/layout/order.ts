/**
 * The order that an access asks for.
 *
 * @module
 */

/** Not marked. */
export const PLAIN = -1;
/** The order that a marked access asks for. */
export const RELAXED = 0;
export const ACQUIRE = 1;
export const RELEASE = 2;
/** Fully ordered: a fence before and after. */
export const FULL = 3;
