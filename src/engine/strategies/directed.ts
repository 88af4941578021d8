/**
 * Directed: schedules that change where CPUs meet.
 *
 * A race is between points at which CPUs meet (src/machine/memory/meeting.ts), and few points are such. A
 * schedule grows by one change at a time, so that positions are exact: the execution before ran
 * under the same schedule, and this one is the same up to the change. There are two kinds of change.
 * One is PCT's, at a point where CPUs have met in some execution. The other turns a meeting round:
 * the CPU that wrote is stopped before the write, the one that met it runs to there first, and the
 * writer goes on; which is how DPOR reverses a race (Flanagan and Godefroid, POPL 2005). What was
 * changed least in this campaign comes first, half of the time. After a few changes, or none, a new
 * order of the CPUs is drawn, or now and then a plain PCT schedule.
 *
 * @module
 */
import { appendEvent, beginEvents, finishEvents, lastPosition, truncateEvents } from "./events.ts";
import { pct } from "./pct.ts";
import type { Past, Situation, Strategy } from "./strategy.ts";
import type { Rng } from "../programs/rng.ts";
import type { Meetings } from "../../machine/executor.ts";
import * as layout from "../../prog/layout.ts";

const { DEMOTE, INTERRUPT, S_NEVENTS, SOFTIRQ, SWITCH } = layout;

/** Events of one schedule at most. */
const EVENTS_MAX = 8;
/** Candidates drawn, of which the one least used is taken. */
const DRAWS = 3;
/** One choice in so many is of any meeting, and not of the least used among {@linkcode DRAWS}. */
const ANY_MEETING = 2;
/** Draws until a meeting is one whose write is known. */
const TRIES = 8;
/** One schedule in so many is begun anew; the others grow by a change. */
const ANEW = 5;
/** Of those begun anew, one in so many is PCT's; the others only order the CPUs. */
const AS_PCT = 8;
/** One change in so many is a change point; the others turn a meeting round, if they can. */
const CHANGE_POINT = 3;
/** One meeting in so many is turned round with the reader stopped before its access, not behind it. */
const STOP_BEFORE = 4;
/** One change point in so many lets an interrupt in, if the program has any. */
const LET_IN = 3;
/** One change point in so many runs callbacks. */
const RUN_CALLBACKS = 12;
/** One change point in so many goes on with a given CPU, if there are more than two. */
const GO_TO = 4;

/** One of the meetings `first` to `count`-1. */
function draw({ changed, count, meetings }: Past, first: number, rng: Rng): number {
  let best = -1;
  for (let i = rng.oneIn(ANY_MEETING) ? 1 : DRAWS; i > 0; i--) {
    const m = first + rng.below(count - first);
    if (best < 0 || changed[meetings.key(m)] < changed[meetings.key(best)]) best = m;
  }
  changed[meetings.key(best)]++;
  return best;
}

/** Points that CPU `cpu` passed among the first `position` points of the execution. */
function passedBy(cpu: number, position: number, m: Meetings): number {
  let n = 0;
  for (let t = 0; t < m.turns; t++) {
    const from = m.turnStart(t);
    if (from >= position) break;
    if (m.turnCpu(t) !== cpu) continue;
    const to = t + 1 < m.turns ? m.turnStart(t + 1) : position;
    n += Math.min(to, position) - from;
  }
  return n;
}

/** A meeting whose write is known, or -1 if none was drawn. */
function drawWritten(past: Past, rng: Rng): number {
  if (past.count === 0) return -1;
  for (let i = 0; i < TRIES; i++) {
    const m = draw(past, 0, rng);
    if (past.meetings.written(m) > 0) return m;
  }
  return -1;
}

/** Turn a meeting round; false if the last execution had none that was drawn. */
function reverse(out: Int32Array, past: Past, rng: Rng): boolean {
  const { meetings } = past;
  const m = drawWritten(past, rng);
  if (m < 0) return false;
  const written = meetings.written(m);
  const reader = meetings.reader(m);
  truncateEvents(out, written);
  if (out[S_NEVENTS] >= EVENTS_MAX) return false;
  const ahead = passedBy(reader, meetings.position(m), meetings) -
    passedBy(reader, written, meetings);
  if (ahead <= 0) return false;
  appendEvent(out, written, SWITCH, reader);
  // Mostly just behind the access that met the write: what follows from it is then out of date.
  const behind = rng.oneIn(STOP_BEFORE) ? 0 : 1;
  appendEvent(out, written + ahead + behind, SWITCH, meetings.writer(m));
  return true;
}

function chooseAction(s: Situation, rng: Rng): number {
  if (s.interrupts > 0 && rng.oneIn(LET_IN)) return INTERRUPT;
  if (rng.oneIn(RUN_CALLBACKS)) return SOFTIRQ;
  return s.cpus > 2 && rng.oneIn(GO_TO) ? SWITCH : DEMOTE;
}

/** Add one change beyond the last; false if there is no place for it. */
function grow(out: Int32Array, s: Situation, past: Past, rng: Rng): boolean {
  const { count, meetings } = past;
  const from = lastPosition(out);
  let first = 0;
  while (first < count && meetings.position(first) <= from) first++;
  if (first === count) return false;
  const position = meetings.position(draw(past, first, rng));
  const action = chooseAction(s, rng);
  appendEvent(out, position, action, action === SWITCH ? rng.below(s.cpus) : 0);
  return true;
}

export const directed: Strategy = {
  name: "directed",
  doc: "changes where CPUs meet: meetings turned round, and change points there",
  schedule(out, s, rng) {
    const { past } = s;
    if (past === undefined) return pct.schedule(out, s, rng);
    if (past.count > 0 && out[S_NEVENTS] < EVENTS_MAX && !rng.oneIn(ANEW)) {
      if (!rng.oneIn(CHANGE_POINT) && reverse(out, past, rng)) return;
      if (grow(out, s, past, rng)) return;
    }
    if (rng.oneIn(AS_PCT)) return pct.schedule(out, s, rng);
    beginEvents(out, s.cpus, rng);
    finishEvents(out);
  },
};
