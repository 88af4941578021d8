/**
 * What an execution did at a line that is watched: bits of a word.
 *
 * @module
 */

/** It came through. */
export const PASSED = 1;
/** It did while another CPU was in the same function. */
export const BY_TWO = 2;
/** A handler ran on that CPU while it was in the function. */
export const INTERRUPTED = 4;
/** An allocation failed on that CPU while it was in the function. */
export const FAILING = 8;
/** It did between kill_css() and the end of css_free_rwork_fn(). */
export const OFFLINING = 16;

/** Number of these bits. */
export const PASSAGE_BITS = 5;

/** Lines and functions that can be watched; a set of functions is one word. */
export const LINES_MAX = 160;
export const FUNCTIONS_MAX = 32;
