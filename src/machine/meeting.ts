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
import * as arena from "./arena.ts";
import { MEETING_WORDS, MEETINGS_MAX, SEEN_MEETING, TURN_WORDS, TURNS_MAX } from "./arena.ts";
import * as C from "./control.ts";

const { ctl, FREE, meetings, seen, turns, wrote } = arena;

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

function append(position: number, key: number, written: number, cpus: number): void {
  const n = ctl[C.NMEETINGS];
  if (n >= MEETINGS_MAX || ctl[C.QUIET] !== 0) return;
  const m = MEETING_WORDS * n;
  meetings[m + M_POSITION] = position;
  meetings[m + M_KEY] = key;
  meetings[m + M_WROTE] = written;
  meetings[m + M_CPUS] = cpus;
  ctl[C.NMEETINGS] = n + 1;
}

/** Position of the point that is being passed. */
function here(): number {
  return ctl[C.BASE] - ctl[C.COUNTDOWN];
}

/** The point that is being passed, of the path with that key, is where CPUs met once. */
export function noteMeeting(key: number): void {
  append(here(), key, 0, 0);
}

/** Something begins at the next point. */
export function noteBeginning(): void {
  append(here() + 1, BEGINNING, 0, 0);
}

/** At this point CPU `cpu` meets what CPU `writer` wrote to the cell at `a`. */
export function meet(key: number, a: number, cpu: number, writer: number): void {
  if (FREE || ctl[C.QUIET] !== 0) return;
  seen[key] |= SEEN_MEETING;
  append(here(), key, wrote[a >> 1], writer | (cpu << 8));
}

/** CPU `cpu` gets the baton. */
export function noteTurn(cpu: number): void {
  const n = ctl[C.NTURNS];
  if (n >= TURNS_MAX) return;
  turns[TURN_WORDS * n + TURN_AT] = here();
  turns[TURN_WORDS * n + TURN_CPU] = cpu;
  ctl[C.NTURNS] = n + 1;
}
