/**
 * A walk: the machine decides at every point which CPU makes its access next.
 *
 * That is POS (Yuan, Yang, Gu, CAV 2018) as published, with the accesses before which the CPUs stand:
 * each has a random priority, the highest comes first, and those that raced with it get new ones. A
 * strategy that writes schedules beforehand knows only the accesses of an earlier execution.
 *
 * What is decided is added to the events of the schedule, so that an execution under these comes to the
 * same. When there is no room for more, the walk is over.
 *
 * @module
 */
import * as cpuWords from "../layout/cpus.ts";
import * as hashes from "../layout/hash.ts";
import * as registers from "../layout/registers.ts";
import * as scheduleWords from "../layout/schedule.ts";
import * as turnWords from "../layout/turns.ts";
import * as walkWords from "../layout/walk.ts";
import { readingPrimitives } from "../layout/primitives.ts";
import { nextAccess } from "../layout/walk.ts";
import { views } from "../words/arena.ts";
import * as layout from "../../prog/layout.ts";
import { eventAt, packAction } from "../../prog/layout.ts";
import { LIMITS } from "../../prog/types.ts";
import { runnable } from "../context/cpus.ts";
import { askInterrupt, askSoftirq } from "../context/interrupt.ts";
import { canPreempt, runKworker } from "../context/preempt.ts";
import { switchTo } from "./baton.ts";
import { beginAccess, endAccess, noteVisit, position, random } from "./walk_state.ts";

const { ctl, sched, walked } = views();
const { NCPUS, PREEMPT, PREEMPT_NONE } = cpuWords;
const { GOLDEN } = hashes;
const { regs, CPU } = registers;
const { CURSOR } = scheduleWords;
const { BY_SCHEDULE } = turnWords;
const { NEXT_ACCESS, NEXT_PRIORITY, NWALKED, WALKED_AT, WALKING, WALK_RANDOM, WALK_STATE } =
  walkWords;
const { EVENT_WORDS, E_ACTION, E_GAP, INTERRUPT, KWORKER, SOFTIRQ, SWITCH, S_NEVENTS } = layout;
const { S_WALK, S_WALK_ASKS, S_WALK_SEED, S_WALK_STATE } = layout;

/** Primitives that only read, 1 each. */
const READS = readingPrimitives();

/** What is asked for: interrupts half of the time. A kworker is the last. */
const ASKED = [INTERRUPT, INTERRUPT, SOFTIRQ, KWORKER];

/** Whether a walk is what comes next in the schedule. */
export function isWalkNext(): boolean {
  return ctl[CURSOR] >= sched[S_NEVENTS] && sched[S_WALK] !== 0;
}

/** Points left until the walk begins. */
export function pointsToWalk(): number {
  return Math.max(1, sched[S_WALK] - position());
}

/** This CPU stands before an access of kind `prim` to the cell at `a`. */
export function standBefore(prim: number, a: number): void {
  ctl[NEXT_ACCESS + regs[CPU]] = nextAccess(a, READS[prim] === 0);
}

/** The walk begins. */
export function beginWalk(): void {
  ctl[WALKING] = 1;
  ctl[WALK_RANDOM] = Math.imul(sched[S_WALK_SEED], GOLDEN) | 1; // xorshift stays at 0
  ctl[WALK_STATE] = sched[S_WALK_STATE];
  ctl[WALKED_AT] = 0;
  for (let i = 0; i < sched[S_NEVENTS]; i++) ctl[WALKED_AT] += sched[eventAt(i) + E_GAP];
  for (let c = 0; c < ctl[NCPUS]; c++) ctl[NEXT_PRIORITY + c] = random();
}

/** Add an event at this point to the schedule. */
function add(action: number, cpu: number): void {
  const e = EVENT_WORDS * ctl[NWALKED]++;
  walked[e + E_GAP] = position() - ctl[WALKED_AT];
  walked[e + E_ACTION] = packAction(action, cpu);
  ctl[WALKED_AT] = position();
}

/** The CPU whose next access has the highest priority, of those that can run; this one can. */
function highest(): number {
  const me = regs[CPU];
  let best = me;
  for (let c = 0; c < ctl[NCPUS]; c++) {
    if (c === me || ctl[NEXT_PRIORITY + c] <= ctl[NEXT_PRIORITY + best]) continue;
    if (runnable(c)) best = c;
  }
  return best;
}

/** Ask for what the walk draws, of what interrupts a task. */
function ask(): void {
  const n = ctl[PREEMPT] === PREEMPT_NONE ? ASKED.length - 1 : ASKED.length;
  const action = ASKED[(random() >>> 0) % n];
  add(action, 0);
  if (action === INTERRUPT) askInterrupt();
  else if (action === SOFTIRQ) askSoftirq();
  else if (canPreempt()) runKworker();
}

/** Decide at a point of the walk, before the access. */
export function walk(prim: number, a: number): void {
  const me = regs[CPU];
  endAccess();
  noteVisit();
  standBefore(prim, a);
  ctl[NEXT_PRIORITY + me] = random();
  if (sched[S_NEVENTS] + ctl[NWALKED] >= LIMITS.events) {
    ctl[WALKING] = 0;
    return;
  }
  const asks = sched[S_WALK_ASKS];
  if (asks > 0 && (random() >>> 0) % asks === 0) {
    ask();
    standBefore(prim, a); // a handler has stood before others
    return beginAccess(me);
  }
  const next = highest();
  if (next === me) return beginAccess(me);
  add(SWITCH, next);
  switchTo(next, BY_SCHEDULE);
}
