/**
 * Where the words lie that the kernel cannot reach: of names, of targets, of sanitizers.
 *
 * @module
 */

/** Where the use counts of the slots lie. */
export const BUSY = 0;
/** Where the tallies lie; see handles.ts. */
export const TALLIES = 64;
export const TALLIES_MAX = 128;
/** Ghost words that belong to the state of an execution; what lies above is scratch. */
export const GHOST_KEPT = 448;
/** Where the reference counts' ghosts lie: one word each, number 0 being none. */
export const GHOST_REFS = 200;
export const GHOST_REFS_MAX = 128;
/** Where the page counters' ghosts lie: three words each. */
export const GHOST_COUNTERS = GHOST_REFS + GHOST_REFS_MAX;
export const GHOST_COUNTERS_MAX = 40;
/** First ghost word that is free for others. */
export const GHOST_FREE = TALLIES + TALLIES_MAX;
