/**
 * Meetings: the points at which CPUs met, where a schedule is best changed.
 *
 * A point at which a CPU once read or overwrote what another CPU had written matters to more than
 * one CPU, and so does the same point in every later execution, whether they meet there again or
 * not: races are between such points, and most points are none of them. (Which points communicate
 * is what Snowboard, SOSP 2021, and RFF, ASPLOS 2024, steer by as well.) The coverage map remembers
 * them for the whole campaign, by path; each execution lists the positions at which it passed one,
 * and where its operations and work items began.
 *
 * Where CPUs did meet, the list also has the position of the write that the later access met: with
 * the turns of the CPUs, that is all one needs to let the two happen the other way round.
 *
 * @module
 */
import * as cpuWords from "../layout/cpus.ts";
import * as meetingWords from "../layout/meetings.ts";
import * as pointWords from "../layout/points.ts";
import * as sizes from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import { meetingCpus } from "../layout/meetings.ts";
import { markMeeting } from "./coverage.ts";

const { ctl, meetings, turns, wrote, FREE } = views();
const { PREEMPT, PREEMPT_NONE, QUIET } = cpuWords;
const {
  BEGINNING,
  M_CPUS,
  M_KEY,
  M_POSITION,
  M_WROTE,
  NMEETINGS,
  NTURNS,
  QUEUED,
  TURN_AT,
  TURN_CPU,
} = meetingWords;
const { BASE, COUNTDOWN } = pointWords;
const { MEETINGS_MAX, MEETING_WORDS, TURNS_MAX, TURN_WORDS } = sizes;

/** An execution begins: nothing is remembered. */
export function resetMeetings(): void {
  ctl[NMEETINGS] = 0;
  ctl[NTURNS] = 0;
}

/** Append a meeting of which no write is known; returns where it lies, or -1 if it has no place. */
function append(position: number, key: number): number {
  const n = ctl[NMEETINGS];
  if (n >= MEETINGS_MAX || ctl[QUIET] !== 0) return -1;
  const m = MEETING_WORDS * n;
  meetings[m + M_POSITION] = position;
  meetings[m + M_KEY] = key;
  meetings[m + M_WROTE] = 0;
  ctl[NMEETINGS] = n + 1;
  return m;
}

/** Position of the point that is being passed. */
function here(): number {
  return ctl[BASE] - ctl[COUNTDOWN];
}

/** The point that is being passed, of the path with that key, is where CPUs met once. */
export function noteMeeting(key: number): void {
  append(here(), key);
}

/** Something begins at the next point. */
export function noteBeginning(): void {
  append(here() + 1, BEGINNING);
}

/** This CPU has queued work for itself: from its next point on, its kworker may preempt it. */
export function noteQueued(): void {
  if (ctl[PREEMPT] !== PREEMPT_NONE) append(here() + 1, QUEUED);
}

/** At this point CPU `cpu` meets what CPU `writer` wrote to the cell at `a`. */
export function meet(key: number, a: number, cpu: number, writer: number): void {
  if (FREE || ctl[QUIET] !== 0) return;
  markMeeting(key);
  const m = append(here(), key);
  if (m < 0) return;
  meetings[m + M_WROTE] = wrote[a >> 1];
  meetings[m + M_CPUS] = meetingCpus(writer, cpu);
}

/** CPU `cpu` gets the baton. */
export function noteTurn(cpu: number): void {
  const n = ctl[NTURNS];
  if (n >= TURNS_MAX) return;
  turns[TURN_WORDS * n + TURN_AT] = here();
  turns[TURN_WORDS * n + TURN_CPU] = cpu;
  ctl[NTURNS] = n + 1;
}
