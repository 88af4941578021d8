/**
 * What the last execution showed about where its CPUs meet, for strategies.
 *
 * @module
 */
import * as arena from "../machine/arena.ts";
import { MEETING_WORDS } from "../machine/arena.ts";
import * as C from "../machine/control.ts";
import { M_WROTE } from "../machine/meeting.ts";
import type { Meetings } from "./strategies/strategy.ts";

const { ctl, meetings, turns } = arena;

/** Where CPUs met in the last execution, for the next schedule of the same program; or nothing yet. */
export function lastMeetings(changed: Uint32Array, again: boolean): Meetings {
  const count = again ? ctl[C.NMEETINGS] : 0;
  return { count, words: meetings, nturns: ctl[C.NTURNS], turns, changed };
}

/** Meetings of the last execution whose write is known. */
export function written(): number {
  let n = 0;
  for (let m = 0; m < ctl[C.NMEETINGS]; m++) {
    if (meetings[MEETING_WORDS * m + M_WROTE] > 0) n++;
  }
  return n;
}
