/**
 * Decisions: what happens at the points where the countdown ends.
 *
 * A numeric schedule is a list of (points to let pass, action). Between two actions the countdown
 * makes a point cost a few nanoseconds. While a symbolic schedule is followed or a trace recorded,
 * the countdown is 1 and every point comes here.
 *
 * @module
 */
import * as cpuWords from "../layout/cpus.ts";
import * as operationWords from "../layout/operations.ts";
import * as pointWords from "../layout/points.ts";
import * as recordWords from "../layout/recording.ts";
import * as registers from "../layout/registers.ts";
import * as scheduleWords from "../layout/schedule.ts";
import * as turnWords from "../layout/turns.ts";
import * as walkWords from "../layout/walk.ts";
import { views } from "../words/arena.ts";
import * as layout from "../../prog/layout.ts";
import { actionCpu, actionOf, eventAt } from "../../prog/layout.ts";
import { SUSPENDED, switchTo } from "./baton.ts";
import { config } from "../words/config.ts";
import { clearSet, hasCpu } from "../layout/cpu_set.ts";
import { runnable } from "../context/cpus.ts";
import { askInterrupt, askSoftirq, serveSpinning } from "../context/interrupt.ts";
import { canPreempt, runKworker } from "../context/preempt.ts";
import { beginTurn, lookLater, noteSpin, spins } from "./spin.ts";
import { limitReached, noProgress } from "./stuck.ts";
import { pickNext } from "./pick.ts";
import { stepOver } from "./steps.ts";
import { symbolicDecide } from "./symbolic.ts";
import { FOREVER, reload } from "../words/countdown.ts";
import { beginWalk, isWalkNext, pointsToWalk, standBefore, walk } from "./walk.ts";
import { resetWalk } from "./walk_state.ts";
import { judgeStep } from "../hooks/every_step.ts";
import { finishTraced, recordPoint, recordStop, recordTurn } from "../record/trace.ts";

const { ctl, pcpu, sched } = views();
const { NCPUS, PREEMPT, PREEMPT_NONE, QUIET } = cpuWords;
const { WORK_COUNT } = operationWords;
const { COUNTDOWN, LOADED, POINTS } = pointWords;
const { TRACING } = recordWords;
const { regs, ABOUT_ADDR, ABOUT_PRIM, BLOCK, CPU } = registers;
const {
  CURSOR,
  EVENT_COUNTDOWN,
  EVERY_STEP,
  LOWEST,
  MODE,
  MODE_NUMERIC,
  MODE_SYMBOLIC,
  OCCURRENCES,
  PRIORITY,
  UNREACHED,
} = scheduleWords;
const { BY_BLOCK, BY_SCHEDULE, FINISHED, GIVES_WAY, SPINNING, SPIN_AT, SPUN, SWITCHES } = turnWords;
const { WALKING } = walkWords;
const { DEMOTE, E_ACTION, E_GAP, INTERRUPT, KWORKER, SWITCH, S_NEVENTS, S_ORDER } = layout;

function everyPoint(): boolean {
  return (ctl[TRACING] | ctl[EVERY_STEP]) !== 0 || ctl[MODE] === MODE_SYMBOLIC;
}

/** Load the countdown for the next event, or for a look at whether this CPU spins. */
function rearm(): void {
  const look = ctl[SPIN_AT] - ctl[POINTS];
  reload(
    everyPoint() || ctl[WALKING] !== 0 ? 1 : Math.max(1, Math.min(ctl[EVENT_COUNTDOWN], look)),
  );
}

/** Take the next event up. */
export function armNext(): void {
  const i = ctl[CURSOR];
  if (ctl[MODE] !== MODE_NUMERIC) ctl[EVENT_COUNTDOWN] = FOREVER;
  else if (i < sched[S_NEVENTS]) ctl[EVENT_COUNTDOWN] = Math.max(1, sched[eventAt(i) + E_GAP]);
  else ctl[EVENT_COUNTDOWN] = isWalkNext() ? pointsToWalk() : FOREVER;
  rearm();
}

/** An execution begins: nothing of a schedule was followed. */
export function resetSchedule(): void {
  ctl[SWITCHES] = 0;
  ctl[FINISHED] = 0;
  ctl[CURSOR] = 0;
  ctl[OCCURRENCES] = 0;
  ctl[UNREACHED] = 0;
  resetWalk();
}

/** CPUs have the priorities that the schedule gives them; without any, those of their numbers. */
function setPriorities(): void {
  const n = ctl[NCPUS];
  const given = ctl[MODE] === MODE_NUMERIC;
  for (let p = 0; p < n; p++) ctl[PRIORITY + (given ? sched[S_ORDER + p] : p)] = p;
  ctl[LOWEST] = n;
}

/** The schedule begins to decide. */
export function beginSchedule(): void {
  setPriorities();
  ctl[GIVES_WAY] = 0;
  clearSet(ctl, SPUN);
  beginTurn(regs[CPU]);
  armNext();
}

/** Give the current CPU the lowest priority of all; go on with the highest that can run. */
function demote(): void {
  ctl[LOWEST]++;
  ctl[PRIORITY + regs[CPU]] = ctl[LOWEST];
  const next = pickNext();
  if (next >= 0 && next !== regs[CPU]) switchTo(next, BY_SCHEDULE);
}

function numericEvent(): void {
  const i = ctl[CURSOR];
  if (i >= sched[S_NEVENTS]) {
    armNext();
    return;
  }
  const packed = sched[eventAt(i) + E_ACTION];
  ctl[CURSOR] = i + 1;
  armNext(); // before acting: whoever runs next counts down to the next event
  switch (actionOf(packed)) {
    case SWITCH: {
      const cpu = actionCpu(packed);
      if (cpu !== regs[CPU] && cpu < ctl[NCPUS] && runnable(cpu)) switchTo(cpu, BY_SCHEDULE);
      break;
    }
    case DEMOTE:
      demote();
      break;
    case INTERRUPT:
      askInterrupt();
      break;
    case KWORKER:
      if (canPreempt()) runKworker();
      break;
    default:
      askSoftirq();
  }
}

/** Whether all others that can run spin as well. */
function onlySpinners(me: number): boolean {
  for (let c = 0; c < ctl[NCPUS]; c++) {
    if (c !== me && runnable(c) && !hasCpu(ctl, SPINNING, c)) return false;
  }
  return true;
}

/** The CPU to run instead of this one, which spins; -1 if none can, or all that can spin as well. */
function insteadOfSpinner(): number {
  const me = regs[CPU];
  if (onlySpinners(me)) return -1;
  if (ctl[MODE] === MODE_SYMBOLIC) {
    stepOver(me, true);
    const next = pickNext();
    if (next !== me) return next;
  }
  ctl[LOWEST]++;
  ctl[PRIORITY + me] = ctl[LOWEST];
  let next = -1;
  for (let c = 0; c < ctl[NCPUS]; c++) {
    if (c === me || !runnable(c)) continue;
    if (next < 0 || ctl[PRIORITY + c] < ctl[PRIORITY + next]) next = c;
  }
  return next;
}

/** This CPU goes round in a loop in which nothing changes: let something change, or report it. */
function spinning(): void {
  noteSpin();
  lookLater();
  rearm();
  if (serveSpinning()) {
    clearSet(ctl, SPINNING);
    return;
  }
  const next = insteadOfSpinner();
  if (next >= 0) {
    ctl[GIVES_WAY] = 1;
    switchTo(next, BY_BLOCK);
  } else if (ownWorkCounts()) {
    clearSet(ctl, SPINNING);
    if (canPreempt()) runKworker();
  } else noProgress();
}

/** The kworker could preempt this task, here or elsewhere in the loop. */
function ownWorkCounts(): boolean {
  return ctl[PREEMPT] !== PREEMPT_NONE && pcpu[regs[BLOCK] + WORK_COUNT] > 0;
}

/** What the schedule, or the lack of progress, makes of this point. */
function act(prim: number, a: number): void {
  if (ctl[POINTS] >= ctl[SPIN_AT] && spins(prim, a)) spinning();
  if (ctl[MODE] === MODE_SYMBOLIC) symbolicDecide(prim, a);
  else if (ctl[WALKING] !== 0) walk(prim, a);
  else if (ctl[EVENT_COUNTDOWN] <= 0) {
    if (isWalkNext()) {
      beginWalk();
      rearm();
      walk(prim, a);
    } else {
      standBefore(prim, a);
      numericEvent();
    }
  }
}

/** Laws are judged before the point is passed. */
function judgePoint(): void {
  try {
    judgeStep();
  } catch (e) {
    // The point it stands before will not be passed: leave a record that this CPU had the turn.
    if (ctl[TRACING] !== 0) recordTurn();
    throw e;
  }
}

/** Nothing is decided at boot and at teardown; but they may be recorded and judged. */
function quietPoint(prim: number, a: number): void {
  const isJudged = ctl[EVERY_STEP] !== 0;
  if (ctl[TRACING] === 0 && !isJudged) {
    reload(FOREVER);
    return;
  }
  reload(1);
  if (ctl[TRACING] !== 0) finishTraced();
  if (isJudged) judgeStep();
  if (ctl[TRACING] !== 0) recordPoint(prim, a);
}

/** The countdown has ended before an access of kind `prim` to the cell at `a`. */
export function decide(prim: number, a: number): void {
  ctl[POINTS] += ctl[LOADED];
  ctl[EVENT_COUNTDOWN] -= ctl[LOADED];
  ctl[LOADED] = 0;
  ctl[COUNTDOWN] = 0;
  if (ctl[POINTS] >= config.stepLimit) limitReached();
  if (ctl[QUIET] !== 0) {
    quietPoint(prim, a);
    return;
  }
  rearm();
  if (!everyPoint()) {
    act(prim, a);
    return;
  }
  finishTraced();
  regs[ABOUT_PRIM] = prim;
  regs[ABOUT_ADDR] = a;
  try {
    if (ctl[EVERY_STEP] !== 0) judgePoint();
    act(prim, a);
  } catch (e) {
    if (ctl[TRACING] !== 0 && e !== SUSPENDED) recordStop(prim, a);
    throw e;
  }
  if (ctl[TRACING] !== 0) recordPoint(prim, a);
}
