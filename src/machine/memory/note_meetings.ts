/**
 * Meetings: the points at which actors met, where a schedule is best changed.
 *
 * An actor is a context of a CPU (layout/actors.ts). A point at which an actor once read or overwrote
 * what another one had written matters to more than one of them, and so does the same point in every
 * later execution, whether they meet there again or not: races are between such points, and most
 * points are none of them. (Which points communicate
 * is what Snowboard, SOSP 2021, and RFF, ASPLOS 2024, steer by as well.) The coverage map remembers
 * them for the whole campaign, by path; each execution lists the positions at which it passed one,
 * and where its operations and work items began.
 *
 * Where actors did meet, the list also has the position of the write that the later access met: with
 * the turns of the actors, that is all one needs to let the two happen the other way round.
 *
 * @module
 */
import * as contextWords from "../layout/contexts.ts";
import * as cpuWords from "../layout/cpus.ts";
import * as meetingWords from "../layout/meetings.ts";
import * as percpu from "../layout/percpu.ts";
import * as pointWords from "../layout/points.ts";
import * as registers from "../layout/registers.ts";
import * as sizes from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import { isWide } from "../words/config.ts";
import { actorContext, actorOf } from "../layout/actors.ts";
import { meetingAccess, meetingActors } from "../layout/meetings.ts";
import { lastWriter, tagOf } from "../layout/meta.ts";
import { markMeeting } from "./coverage.ts";

const { ctl, meetings, pcpu, releases, turns, wrote, FREE } = views();
const { ACTS_AS } = contextWords;
const { PREEMPT, PREEMPT_NONE, QUIET } = cpuWords;
const {
  BEGINNING,
  JOINING,
  M_ACCESS,
  M_ACTORS,
  M_KEY,
  M_POSITION,
  M_WROTE,
  NMEETINGS,
  NRELEASES,
  NSTARTS,
  NTURNS,
  QUEUED,
  RELEASE_ACTOR,
  RELEASE_AT,
  RELEASE_LOCK,
  STARTED,
  TURN_ACTOR,
  TURN_AT,
} = meetingWords;
const { BASE, COUNTDOWN } = pointWords;
const { PCPU_WORDS } = percpu;
const { regs, BLOCK, TAG } = registers;
const { MEETING_WORDS, RELEASE_WORDS, TURN_WORDS, WIDER } = sizes;

const TIMES = isWide ? WIDER : 1;
const MEETINGS_MAX = TIMES * sizes.MEETINGS_MAX;
const TURNS_MAX = TIMES * sizes.TURNS_MAX;
const RELEASES_MAX = TIMES * sizes.RELEASES_MAX;

/** An execution begins: nothing is remembered. */
export function resetMeetings(): void {
  ctl[NMEETINGS] = 0;
  ctl[NTURNS] = 0;
  ctl[NRELEASES] = 0;
  ctl[NSTARTS] = 0;
}

/** Append a meeting of which no write is known; returns where it lies, or -1 if it has no place. */
function append(position: number, key: number, access: number): number {
  const n = ctl[NMEETINGS];
  if (n >= MEETINGS_MAX || ctl[QUIET] !== 0) return -1;
  const m = MEETING_WORDS * n;
  meetings[m + M_POSITION] = position;
  meetings[m + M_KEY] = key;
  meetings[m + M_WROTE] = 0;
  meetings[m + M_ACCESS] = access;
  ctl[NMEETINGS] = n + 1;
  return m;
}

/** Position of the point that is being passed. */
function here(): number {
  return ctl[BASE] - ctl[COUNTDOWN];
}

/** The next point, of the path with that key, is where actors met once; it accesses the cell at `a`. */
export function noteMeeting(key: number, a: number, writes: boolean): void {
  append(here() + 1, key, meetingAccess(a, writes));
}

/** Something begins at the next point. */
export function noteBeginning(): void {
  append(here() + 1, BEGINNING, 0);
}

/** This CPU has queued work for itself: from its next point on, its kworker may preempt it. */
export function noteQueued(): void {
  if (ctl[PREEMPT] !== PREEMPT_NONE) append(here() + 1, QUEUED, 0);
}

/** Append that this actor has come to something, without a cell. */
function appendOwn(position: number, key: number): void {
  const m = append(position, key, 0);
  if (m >= 0) meetings[m + M_ACTORS] = meetingActors(thisActor(), thisActor());
}

/** From the next point on, CPU `cpu` can run: this one has started it. */
export function noteStarted(cpu: number): void {
  ctl[NSTARTS]++;
  appendOwn(here() + 1, STARTED + cpu);
}

/** Behind this point, this CPU waits for the end of another one. */
export function noteJoining(): void {
  appendOwn(here(), JOINING);
}

/** At this point the lock at `a` is let go. Only strategies for programs that start CPUs ask for that. */
export function noteRelease(a: number): void {
  if (ctl[NSTARTS] === 0) return;
  const n = ctl[NRELEASES];
  if (FREE || n >= RELEASES_MAX || ctl[QUIET] !== 0) return;
  const r = RELEASE_WORDS * n;
  releases[r + RELEASE_AT] = here();
  releases[r + RELEASE_ACTOR] = thisActor();
  releases[r + RELEASE_LOCK] = a;
  ctl[NRELEASES] = n + 1;
}

/** At this point actor `by` meets what actor `writer` wrote to the cell at `a`. */
export function meet(key: number, a: number, by: number, writer: number, writes: boolean): void {
  if (FREE || ctl[QUIET] !== 0) return;
  markMeeting(key);
  const m = append(here(), key, meetingAccess(a, writes));
  if (m < 0) return;
  meetings[m + M_WROTE] = wrote[a >> 1];
  meetings[m + M_ACTORS] = meetingActors(writer, by);
}

/** From the next point on, actor `actor` runs. */
export function noteTurn(actor: number): void {
  const n = ctl[NTURNS];
  if (n >= TURNS_MAX) return;
  turns[TURN_WORDS * n + TURN_AT] = here();
  turns[TURN_WORDS * n + TURN_ACTOR] = actor;
  ctl[NTURNS] = n + 1;
}

/** From now on, this CPU is actor `actor`. */
export function becomeActor(actor: number): void {
  regs[TAG] = tagOf(actor);
  pcpu[regs[BLOCK] + ACTS_AS] = actorContext(actor);
  if (!FREE && ctl[QUIET] === 0) noteTurn(actor);
}

/** The actor that goes on when CPU `cpu` gets the baton. */
export function actorOn(cpu: number): number {
  return actorOf(cpu, pcpu[cpu * PCPU_WORDS + ACTS_AS]);
}

/** The actor that this CPU is. */
export function thisActor(): number {
  return lastWriter(regs[TAG]);
}
