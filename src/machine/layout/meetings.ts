/**
 * Words of the meetings and turns that are remembered of an execution; see memory/note_meetings.ts.
 *
 * @module
 */
import { ACTOR_BITS } from "./actors.ts";
import { controlWords } from "./control.ts";

const word = controlWords("meetings");

/** Meetings, turns and releases remembered of this execution, and CPUs that others have started. */
export const NMEETINGS: number = word();
export const NTURNS: number = word();
export const NRELEASES: number = word();
export const NSTARTS: number = word();

/** Key of the meetings where an operation or a work item begins. */
export const BEGINNING = 0;
/** Key of the meetings where a CPU has queued work for its own kworker. */
export const QUEUED = 1;
/** Key of the meetings where a CPU begins to wait for the end of another one. */
export const JOINING = 2;
/** Key of the meetings where CPU 0 can run from the next point on; of CPU 1, and so on. */
export const STARTED = 32;
/** Words of a meeting. */
export const M_POSITION = 0;
/** Key in the coverage map of the path to it. */
export const M_KEY = 1;
/** Position of the write that was met; 0 if none was. */
export const M_WROTE = 2;
/** The actor that wrote and the one that met it; see {@linkcode meetingActors}. */
export const M_ACTORS = 3;
/** The cell, and whether it was written; see {@linkcode meetingAccess}. */
export const M_ACCESS = 4;
/** Words of a turn: points passed before it, and whose it is. */
export const TURN_AT = 0;
export const TURN_ACTOR = 1;
/** Words of a release: its position, who let the lock go, and the lock's address. */
export const RELEASE_AT = 0;
export const RELEASE_ACTOR = 1;
export const RELEASE_LOCK = 2;

/** The word that says which actor wrote and which one met it. */
export function meetingActors(writer: number, met: number): number {
  return writer | (met << ACTOR_BITS);
}

/** The word that says which cell was met, at an access that writes it or only reads it. */
export function meetingAccess(address: number, writes: boolean): number {
  return (address << 1) | (writes ? 1 : 0);
}

/** The address of the cell; 0 if there is none. */
export function cellOf(access: number): number {
  return access >>> 1;
}

/** Whether the access writes. */
export function isWrite(access: number): boolean {
  return (access & 1) !== 0;
}

/** The actor that wrote. */
export function writerOf(actors: number): number {
  return actors & ((1 << ACTOR_BITS) - 1);
}

/** The actor that met what was written. */
export function metBy(actors: number): number {
  return actors >> ACTOR_BITS;
}
