/**
 * Changes of a schedule, at the points where actors met in the execution under it.
 *
 * There are three kinds. The first is that of PCT: the running CPU falls behind, at a point where actors
 * have met in some execution; or an interrupt, the callbacks or a kworker come there. The second turns
 * a meeting round (reverse.ts). On a CPU that has handlers, the third lets one of them come elsewhere
 * (let_in.ts). Half of the time, the meeting that was changed least in this campaign comes first.
 *
 * A change that has been tried is drawn again, and so is one that can have no effect: a CPU that falls
 * behind while nobody waits.
 *
 * Comments of constants tell what other values are worth, as in directed.ts.
 *
 * @module
 */
import { appendEvent, lastPosition } from "./events.ts";
import type { Executions } from "./executions.ts";
import { copySchedule, type KeptExecution, type MeetingList } from "./kept_execution.ts";
import { letIn } from "./let_in.ts";
import { EVENTS_MAX, reverse } from "./reverse.ts";
import type { Situation } from "./strategy.ts";
import { actorAt, handlerFrom, handlersBefore, othersBehind, runsBehind } from "./turns.ts";
import type { Rng } from "../programs/rng.ts";
import { actorCpu, QUEUED } from "../../machine/executor.ts";
import {
  actionOf,
  DEMOTE,
  E_ACTION,
  eventAt,
  INTERRUPT,
  KWORKER,
  S_NEVENTS,
  SOFTIRQ,
  SWITCH,
} from "../../prog/layout.ts";

/** Number of meetings drawn; the one that was changed least is taken. */
const DRAWS = 3;
/**
 * One in this many choices takes any meeting; the others take the least changed of {@linkcode
 * DRAWS}.
 */
const ANY_MEETING = 2;
/** Maximum of draws for one change. In hunts, with 8: 1.18 times the executions. */
const TRIES = 16;
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
/** Positions behind the last handler at which an interrupt is known to find no other one. */
const BEHIND_LAST = 64;

/**
 * Changes the schedule of execution `e`, one of `all`, and writes it to `out`, which holds that schedule;
 * false if no draw hit a change that is new.
 */
type Change = (
  out: Int32Array,
  e: KeptExecution,
  s: Situation,
  all: Executions,
  rng: Rng,
) => boolean;

/** Draw one of the meetings of an execution from `first` on. */
function draw(e: KeptExecution, s: Situation, first: number, rng: Rng): number {
  const { changed } = s.past!;
  let best = -1;
  for (let i = rng.oneIn(ANY_MEETING) ? 1 : DRAWS; i > 0; i--) {
    const m = first + rng.below(e.count - first);
    if (best < 0 || changed[e.key(m)] < changed[e.key(best)]) best = m;
  }
  changed[e.key(best)]++;
  return best;
}

/** Turn a meeting round. */
const reverseAny: Change = (out, e, s, all, rng) => {
  for (let i = 0; i < TRIES; i++) {
    const m = draw(e, s, 0, rng);
    if (e.written(m) === 0) continue;
    if (reverse(out, e, m, rng) && all.tried.take(out, s.cpus)) return true;
    copySchedule(e.schedule, out);
  }
  return false;
};

/** Number of CPUs that have handlers. */
function handledCpus({ cpus, handled = -1 }: Situation): number {
  let n = 0;
  for (let c = 0; c < cpus; c++) n += (handled >>> c) & 1;
  return n;
}

/** Let a handler in elsewhere. */
const moveHandler: Change = (out, e, s, all, rng) => {
  for (let i = 0; i < TRIES; i++) {
    const m = draw(e, s, 0, rng);
    if (letIn(out, s, e, m, rng) && all.tried.take(out, s.cpus)) return true;
    copySchedule(e.schedule, out);
  }
  return false;
};

function chooseAction(s: Situation, rng: Rng): number {
  if (s.interrupts > 0 && rng.oneIn(LET_IN)) return INTERRUPT;
  if (rng.oneIn(RUN_CALLBACKS)) return SOFTIRQ;
  if (s.preemptible && rng.oneIn(RUN_KWORKER)) return KWORKER;
  return s.cpus > 2 && rng.oneIn(GO_TO) ? SWITCH : DEMOTE;
}

/** Append a change at meeting `m`; false if it can have no effect. */
function append(
  out: Int32Array,
  e: KeptExecution,
  m: number,
  s: Situation,
  rng: Rng,
): boolean {
  const position = Math.max(1, e.position(m) - (rng.oneIn(EARLIER) ? 1 : 0));
  if (s.preemptible && e.key(m) === QUEUED && rng.oneIn(PREEMPT_AFTER)) {
    appendEvent(out, position + rng.below(1 << rng.below(PREEMPT_DOUBLINGS)), KWORKER);
    return true;
  }
  let action = chooseAction(s, rng);
  if (action === INTERRUPT && handlersBefore(position, e) >= s.interrupts) action = DEMOTE;
  if (action === DEMOTE && !othersBehind(position, e)) return false;
  const cpu = action === SWITCH ? rng.below(s.cpus) : 0;
  if (action === SWITCH && !runsBehind(cpu, position, e)) return false;
  appendEvent(out, position, action, cpu);
  return true;
}

/** Add one change behind the last one. */
const grow: Change = (out, e, s, all, rng) => {
  const from = lastPosition(out);
  let first = 0;
  while (first < e.count && e.position(first) <= from) first++;
  if (first === e.count) return false;
  for (let i = 0; i < TRIES; i++) {
    if (!append(out, e, draw(e, s, first, rng), s, rng)) continue;
    if (all.tried.take(out, s.cpus)) return true;
    out[S_NEVENTS]--;
  }
  return false;
};

/** Any of these; `out` may hold any schedule. */
export const change: Change = (out, e, s, all, rng) => {
  copySchedule(e.schedule, out);
  if (e.count === 0 || e.events >= EVENTS_MAX) return false;
  if (s.interrupts > 0 && rng.below(MOVE_HANDLER * s.cpus) < handledCpus(s)) {
    if (moveHandler(out, e, s, all, rng)) return true;
  }
  if (!rng.oneIn(CHANGE_POINT) && reverseAny(out, e, s, all, rng)) return true;
  return grow(out, e, s, all, rng);
};

/**
 * If the schedule ends with an interrupt, note that later positions lead to the same: up to where the
 * handler came, if it had to wait; and behind the last handler.
 */
export function noteWait(out: Int32Array, m: MeetingList, s: Situation, all: Executions): void {
  const n = out[S_NEVENTS];
  if (n === 0 || actionOf(out[eventAt(n - 1) + E_ACTION]) !== INTERRUPT) return;
  const asked = lastPosition(out);
  const came = handlerFrom(asked, actorCpu(actorAt(asked + 1, m)), m);
  if (came < 0) return;
  all.tried.takeAll(out, s.cpus, Math.min(came, asked), came < asked ? asked + BEHIND_LAST : came);
}
