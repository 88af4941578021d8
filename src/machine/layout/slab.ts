/**
 * Words of the slab of each structure type; see memory/slab.ts.
 *
 * @module
 */

/** Objects handed out. */
export const USED = 0;
/** Free-running mode: objects in quarantine, and which of them has been there longest. */
export const QUARANTINED = 1;
export const OLDEST = 2;
/** Words per structure type. */
export const SLAB_WORDS = 4;

/** Where the words of a type begin, by its number. */
export function slabAt(type: number): number {
  return type * SLAB_WORDS;
}
