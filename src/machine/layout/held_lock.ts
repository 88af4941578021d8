/**
 * A held lock in one word: its class, how it was taken, and the context that took it.
 *
 * @module
 */

const CLASS_BITS = 11;
const HOW_BITS = 3;
const CONTEXT_SHIFT = CLASS_BITS + HOW_BITS;
const HOW_MASK = (1 << HOW_BITS) - 1;

/** Class numbers are below this, subclasses included. */
export const CLASSES_MAX: number = 1 << CLASS_BITS;

/** The word of a lock that is taken. */
export function packHeld(cls: number, how: number, context: number): number {
  return cls | (how << CLASS_BITS) | (context << CONTEXT_SHIFT);
}

/** Class of a held lock. */
export function heldClass(word: number): number {
  return word & (CLASSES_MAX - 1);
}

/** How it was taken: see HOW_ constants. */
export function heldHow(word: number): number {
  return (word >> CLASS_BITS) & HOW_MASK;
}

/** The context that took it. */
export function heldContext(word: number): number {
  return word >> CONTEXT_SHIFT;
}
