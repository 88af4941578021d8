/**
 * Words of a meeting and of a turn; see meeting.ts.
 *
 * @module
 */

/** Key of the meetings where an operation or a work item begins. */
export const BEGINNING = 0;
/** Words of a meeting. */
export const M_POSITION = 0;
/** Key in the coverage map of the path to it. */
export const M_KEY = 1;
/** Position of the write that was met; 0 if none was. */
export const M_WROTE = 2;
/** The CPU that wrote, and shifted by 8 the one that met it. */
export const M_CPUS = 3;
/** Words of a turn: points passed before it, and whose it is. */
export const TURN_AT = 0;
export const TURN_CPU = 1;
