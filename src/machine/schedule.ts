/**
 * Decisions: what happens at the points where the countdown ends.
 *
 * A numeric schedule is a list of (points to let pass, action). Between two actions the countdown
 * makes a point cost a few nanoseconds. While a symbolic schedule is followed or a trace recorded,
 * the countdown is 1 and every point comes here.
 *
 * @module
 */
import * as arena from "./arena.ts";
import { BY_BLOCK, BY_SCHEDULE, switchTo } from "./baton.ts";
import { config, PREEMPT_NONE } from "./config.ts";
import * as C from "./control.ts";
import { pickNext, runnable } from "./cpus.ts";
import { freeDecide } from "./free.ts";
import { askInterrupt, askSoftirq, serveSpinning } from "./interrupt.ts";
import { WORK_COUNT } from "./percpu.ts";
import * as registers from "./registers.ts";
import { ABOUT_ADDR, ABOUT_PRIM, BLOCK, CPU } from "./registers.ts";
import { beginTurn, lookLater, noteSpin, spins } from "./spin.ts";
import { limitReached, noProgress } from "./stuck.ts";
import { stepOver, symbolicDecide } from "./symbolic.ts";
import { finishTraced, recordPoint, recordStop, recordTurn } from "./trace.ts";
import { EVENT_WORDS, S_EVENTS, S_NEVENTS } from "../prog/layout.ts";

const { ctl, pcpu, sched } = arena;
const { regs } = registers;

/** Countdown that never ends by itself: the step limit ends it. */
function budget(): number {
  return Math.max(1, config.stepLimit - ctl[C.POINTS]);
}

/** Let `n` points pass, at most up to the step limit. */
export function reload(n: number): void {
  const m = Math.min(n, budget());
  ctl[C.COUNTDOWN] = m;
  ctl[C.LOADED] = m;
  ctl[C.BASE] = ctl[C.POINTS] + m - ctl[C.SCHEDULE_START];
}

/** Account for the points passed since the countdown was loaded. */
export function settle(): void {
  ctl[C.POINTS] += ctl[C.LOADED] - ctl[C.COUNTDOWN];
  ctl[C.LOADED] = ctl[C.COUNTDOWN];
}

function everyPoint(): boolean {
  return (ctl[C.TRACING] | ctl[C.EVERY_STEP]) !== 0 || ctl[C.MODE] === C.MODE_SYMBOLIC;
}

/** Load the countdown for the next event, or for a look at whether this CPU spins. */
function rearm(): void {
  const look = ctl[C.SPIN_AT] - ctl[C.POINTS];
  reload(everyPoint() ? 1 : Math.max(1, Math.min(ctl[C.EVENT_COUNTDOWN], look)));
}

/** Take the next event up. */
export function armNext(): void {
  const i = ctl[C.CURSOR];
  ctl[C.EVENT_COUNTDOWN] = ctl[C.MODE] === C.MODE_NUMERIC && i < sched[S_NEVENTS]
    ? Math.max(1, sched[S_EVENTS + EVENT_WORDS * i])
    : 0x3fffffff;
  rearm();
}

/** Begin (false) or end (true) a stretch without decisions. */
export function quiet(on: boolean): void {
  settle();
  ctl[C.QUIET] = on ? 1 : 0;
  if (on) reload(0x3fffffff);
  else {
    ctl[C.GIVES_WAY] = 0;
    ctl[C.SPUN] = 0;
    beginTurn(regs[CPU]);
    armNext();
  }
}

/** Give the current CPU the lowest priority of all; go on with the highest that can run. */
function demote(): void {
  ctl[C.LOWEST]++;
  ctl[C.PRIORITY + regs[CPU]] = ctl[C.LOWEST];
  const next = pickNext();
  if (next >= 0 && next !== regs[CPU]) switchTo(next, BY_SCHEDULE);
}

function numericEvent(): void {
  const i = ctl[C.CURSOR];
  if (i >= sched[S_NEVENTS]) {
    armNext();
    return;
  }
  const action = sched[S_EVENTS + EVENT_WORDS * i + 1];
  ctl[C.CURSOR] = i + 1;
  armNext(); // before acting: whoever runs next counts down to the next event
  switch (action & 0xff) {
    case 0: {
      const cpu = action >> 8;
      if (cpu !== regs[CPU] && cpu < ctl[C.NCPUS] && runnable(cpu)) switchTo(cpu, BY_SCHEDULE);
      break;
    }
    case 1:
      demote();
      break;
    case 2:
      askInterrupt();
      break;
    default:
      askSoftirq();
  }
}

/** The CPU to run instead of this one, which spins; -1 if none can, or all that can spin as well. */
function insteadOfSpinner(): number {
  const me = regs[CPU];
  let others = 0;
  for (let c = 0; c < ctl[C.NCPUS]; c++) if (c !== me && runnable(c)) others |= 1 << c;
  if ((others & ~ctl[C.SPINNING]) === 0) return -1;
  if (ctl[C.MODE] === C.MODE_SYMBOLIC) {
    stepOver(me, true);
    const next = pickNext();
    if (next !== me) return next;
  }
  ctl[C.LOWEST]++;
  ctl[C.PRIORITY + me] = ctl[C.LOWEST];
  let next = -1;
  for (let c = 0; c < ctl[C.NCPUS]; c++) {
    if (((others >>> c) & 1) === 0) continue;
    if (next < 0 || ctl[C.PRIORITY + c] < ctl[C.PRIORITY + next]) next = c;
  }
  return next;
}

/** This CPU goes round in a loop in which nothing changes: let something change, or report it. */
function spinning(): void {
  noteSpin();
  lookLater();
  rearm();
  if (serveSpinning()) {
    ctl[C.SPINNING] = 0;
    return;
  }
  const next = insteadOfSpinner();
  if (next >= 0) {
    ctl[C.GIVES_WAY] = 1;
    switchTo(next, BY_BLOCK);
  } else if (ownWorkCounts()) ctl[C.SPINNING] = 0;
  else noProgress();
}

/** A kworker could preempt this task; here work waits for the end of the operation. */
function ownWorkCounts(): boolean {
  return ctl[C.PREEMPT] !== PREEMPT_NONE && pcpu[regs[BLOCK] + WORK_COUNT] > 0;
}

/** What the schedule, or the lack of progress, makes of this point. */
function act(prim: number, a: number): void {
  if (ctl[C.POINTS] >= ctl[C.SPIN_AT] && spins(prim, a)) spinning();
  if (ctl[C.MODE] === C.MODE_SYMBOLIC) symbolicDecide(prim, a);
  else if (ctl[C.EVENT_COUNTDOWN] <= 0) numericEvent();
}

/** Oracles that judge at every point, where that is asked for. */
const judges: (() => void)[] = [];

/** Add an oracle that judges at every point while {@linkcode C.EVERY_STEP} is set. */
export function onEveryStep(f: () => void): void {
  judges.push(f);
}

function judgeStep(): void {
  try {
    for (let i = 0; i < judges.length; i++) judges[i]();
  } catch (e) {
    // The point it stands before will not be passed: leave a record that this CPU had the turn.
    if (ctl[C.TRACING] !== 0) recordTurn();
    throw e;
  }
}

/** The countdown has ended before an access of kind `prim` to the cell at `a`. */
export function decide(prim: number, a: number): void {
  if (config.free) return freeDecide();
  ctl[C.POINTS] += ctl[C.LOADED];
  ctl[C.EVENT_COUNTDOWN] -= ctl[C.LOADED];
  ctl[C.LOADED] = 0;
  ctl[C.COUNTDOWN] = 0;
  if (ctl[C.POINTS] >= config.stepLimit) limitReached();
  if (ctl[C.QUIET] !== 0) {
    reload(0x3fffffff);
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
    if (ctl[C.EVERY_STEP] !== 0) judgeStep();
    act(prim, a);
  } catch (e) {
    if (ctl[C.TRACING] !== 0) recordStop(prim, a);
    throw e;
  }
  if (ctl[C.TRACING] !== 0) recordPoint(prim, a);
}
