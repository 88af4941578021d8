/**
 * Directed: changes schedules at the points where actors meet.
 *
 * A race happens between two points at which actors meet (src/machine/memory/note_meetings.ts), and
 * few points are meetings. A schedule grows by one change per execution. Positions are therefore
 * exact: the execution before ran under the same schedule, and this one is equal up to the change.
 * There are two kinds of change. The first is that of PCT: the running CPU falls behind, at a point
 * where actors have met in some execution. The second turns a meeting round (reverse.ts). On a CPU that
 * has handlers, there is a third: one of them comes elsewhere (let_in.ts). Half of the
 * time, the meeting that was changed least in this campaign comes first. After a few changes, or
 * none, a new order of the CPUs is drawn; sometimes a schedule of plain PCT.
 *
 * Comments of constants tell what other values are worth: executions until a bug is found, relative to
 * the present value (`deno task tune`, November 2026; the table is in test/bench/README.md).
 *
 * @module
 */
import { appendEvent, beginEvents, finishEvents, lastPosition } from "./events.ts";
import { pct } from "./pct.ts";
import { letIn } from "./let_in.ts";
import { EVENTS_MAX, reverse } from "./reverse.ts";
import type { Past, Situation, Strategy } from "./strategy.ts";
import type { Rng } from "../programs/rng.ts";
import { QUEUED } from "../../machine/executor.ts";
import { DEMOTE, INTERRUPT, KWORKER, S_NEVENTS, SOFTIRQ, SWITCH } from "../../prog/layout.ts";

/** Number of meetings drawn; the one that was changed least is taken. */
const DRAWS = 3;
/**
 * One in this many choices takes any meeting; the others take the least changed of {@linkcode
 * DRAWS}.
 */
const ANY_MEETING = 2;
/** Maximum of draws for a meeting with a known write. In hunts, with 8: 1.18 times the executions. */
const TRIES = 16;
/**
 * One in this many schedules starts from nothing; the others grow by a change. In hunts, with 3 or
 * 10: no difference.
 */
const ANEW = 5;
/**
 * Of those that start from nothing, one in this many is a PCT schedule; the others only order the
 * CPUs.
 */
const AS_PCT = 8;
/**
 * One in this many changes is a change point; the others reverse a meeting, if there is one. In
 * hunts, with 2: 1.32 times the executions.
 */
const CHANGE_POINT = 3;
/** On a CPU that has handlers, one in this many changes moves one of them to a place where actors met. */
const MOVE_HANDLER = 2;
/** One in this many change points delivers an interrupt, if the program has one. */
const LET_IN = 3;
/** One in this many change points runs RCU callbacks. */
const RUN_CALLBACKS = 12;
/** One in this many change points of a preemptible kernel lets a kworker preempt the task. */
const RUN_KWORKER = 12;
/** Where a CPU has queued work for itself, one in this many changes lets its kworker preempt it. */
const PREEMPT_AFTER = 2;
/**
 * It does so at one of the next points after the queueing. Their number is doubled a random number of
 * times, fewer than this: the first points are the likeliest.
 */
const PREEMPT_DOUBLINGS = 6;
/**
 * One in this many changes comes one point earlier: what belongs together often begins with an access
 * at which nobody has met.
 */
const EARLIER = 2;
/** One in this many change points switches to a given CPU, if there are more than two. */
const GO_TO = 4;

/** Draw one of the meetings `first` to `count`-1. */
function draw({ changed, count, meetings }: Past, first: number, rng: Rng): number {
  let best = -1;
  for (let i = rng.oneIn(ANY_MEETING) ? 1 : DRAWS; i > 0; i--) {
    const m = first + rng.below(count - first);
    if (best < 0 || changed[meetings.key(m)] < changed[meetings.key(best)]) best = m;
  }
  changed[meetings.key(best)]++;
  return best;
}

/** Draw a meeting with a known write; -1 if no draw hit one. */
function drawWritten(past: Past, rng: Rng): number {
  if (past.count === 0) return -1;
  for (let i = 0; i < TRIES; i++) {
    const m = draw(past, 0, rng);
    if (past.meetings.written(m) > 0) return m;
  }
  return -1;
}

/** Turn a meeting round; false if no draw hit one that can be. */
function reverseAny(out: Int32Array, past: Past, rng: Rng): boolean {
  const m = drawWritten(past, rng);
  return m >= 0 && reverse(out, past, m, rng);
}

/** Number of CPUs that have handlers. */
function handledCpus({ cpus, handled = -1 }: Situation): number {
  let n = 0;
  for (let c = 0; c < cpus; c++) n += (handled >>> c) & 1;
  return n;
}

/** Let a handler in elsewhere; false if no draw hit a place for one. */
function moveHandler(out: Int32Array, s: Situation, past: Past, rng: Rng): boolean {
  for (let i = 0; i < TRIES; i++) {
    if (letIn(out, s, draw(past, 0, rng), rng)) return true;
  }
  return false;
}

function chooseAction(s: Situation, rng: Rng): number {
  if (s.interrupts > 0 && rng.oneIn(LET_IN)) return INTERRUPT;
  if (rng.oneIn(RUN_CALLBACKS)) return SOFTIRQ;
  if (s.preemptible && rng.oneIn(RUN_KWORKER)) return KWORKER;
  return s.cpus > 2 && rng.oneIn(GO_TO) ? SWITCH : DEMOTE;
}

/** Add one change behind the last one; false if there is no meeting behind it. */
function grow(out: Int32Array, s: Situation, past: Past, rng: Rng): boolean {
  const { count, meetings } = past;
  const from = lastPosition(out);
  let first = 0;
  while (first < count && meetings.position(first) <= from) first++;
  if (first === count) return false;
  const m = draw(past, first, rng);
  const position = Math.max(1, meetings.position(m) - (rng.oneIn(EARLIER) ? 1 : 0));
  if (s.preemptible && meetings.key(m) === QUEUED && rng.oneIn(PREEMPT_AFTER)) {
    appendEvent(out, position + rng.below(1 << rng.below(PREEMPT_DOUBLINGS)), KWORKER);
    return true;
  }
  const action = chooseAction(s, rng);
  appendEvent(out, position, action, action === SWITCH ? rng.below(s.cpus) : 0);
  return true;
}

export const directed: Strategy = {
  name: "directed",
  doc: "turns meetings of CPUs and interrupts round, and switches where they have met",
  schedule(out, s, rng) {
    const { past } = s;
    if (past === undefined) return pct.schedule(out, s, rng);
    if (past.count > 0 && out[S_NEVENTS] < EVENTS_MAX && !rng.oneIn(ANEW)) {
      if (s.interrupts > 0 && rng.below(MOVE_HANDLER * s.cpus) < handledCpus(s)) {
        if (moveHandler(out, s, past, rng)) return;
      }
      if (!rng.oneIn(CHANGE_POINT) && reverseAny(out, past, rng)) return;
      if (grow(out, s, past, rng)) return;
    }
    if (rng.oneIn(AS_PCT)) return pct.schedule(out, s, rng);
    beginEvents(out, s.cpus, rng);
    finishEvents(out);
  },
};
