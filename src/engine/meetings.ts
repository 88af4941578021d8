/**
 * What the last execution showed about where its CPUs meet, for strategies.
 *
 * @module
 */
import * as arena from "../machine/arena.ts";
import * as C from "../machine/control.ts";
import * as meetingWords from "../machine/meeting_words.ts";
import type { Meetings } from "./strategies/strategy.ts";

const { ctl, meetings, turns, MEETING_WORDS } = arena;
const { NMEETINGS, NTURNS } = C;
const { M_WROTE } = meetingWords;

/** Where CPUs met in the last execution, for the next schedule of the same program; or nothing yet. */
export function lastMeetings(changed: Uint32Array, again: boolean): Meetings {
  const count = again ? ctl[NMEETINGS] : 0;
  return { count, words: meetings, nturns: ctl[NTURNS], turns, changed };
}

/** Meetings of the last execution whose write is known. */
export function written(): number {
  let n = 0;
  for (let m = 0; m < ctl[NMEETINGS]; m++) {
    if (meetings[MEETING_WORDS * m + M_WROTE] > 0) n++;
  }
  return n;
}
