/**
 * What the last execution showed about where its CPUs meet, for strategies.
 *
 * @module
 */
import * as meetingWords from "../../machine/layout/meetings.ts";
import * as sizes from "../../machine/layout/sizes.ts";
import { views } from "../../machine/words/arena.ts";
import type { Meetings } from "./strategy.ts";

const { ctl, meetings, turns } = views();
const { M_WROTE, NMEETINGS, NTURNS } = meetingWords;
const { MEETING_WORDS } = sizes;

/** One object for all schedules: they are made in the loop, which allocates nothing. */
const last: { -readonly [K in keyof Meetings]: Meetings[K] } = {
  count: 0,
  words: meetings,
  nturns: 0,
  turns,
  changed: new Uint32Array(0),
};

/**
 * Where CPUs met in the last execution, for the next schedule of the same program; or nothing yet.
 * Good until the next call.
 */
export function lastMeetings(changed: Uint32Array, again: boolean): Meetings {
  last.count = again ? ctl[NMEETINGS] : 0;
  last.nturns = ctl[NTURNS];
  last.changed = changed;
  return last;
}

/** Meetings of the last execution whose write is known. */
export function written(): number {
  let n = 0;
  for (let m = 0; m < ctl[NMEETINGS]; m++) {
    if (meetings[MEETING_WORDS * m + M_WROTE] > 0) n++;
  }
  return n;
}
