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
import { BY_SCHEDULE, switchTo } from "./baton.ts";
import { config } from "./config.ts";
import * as C from "./control.ts";
import { pickNext, runnable } from "./cpus.ts";
import { freeDecide } from "./free.ts";
import { askInterrupt, askSoftirq } from "./interrupt.ts";
import { oops, OOPS_LOCKUP } from "./oops.ts";
import * as registers from "./registers.ts";
import { ABOUT_ADDR, ABOUT_PRIM, CPU, fnAt, SP } from "./registers.ts";
import { isInline } from "./registry.ts";
import { symbolicDecide } from "./symbolic.ts";
import { finishTraced, recordPoint, recordStop } from "./trace.ts";
import { EVENT_WORDS, S_EVENTS, S_NEVENTS } from "../prog/layout.ts";

const { ctl, sched } = arena;
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
  return ctl[C.TRACING] !== 0 || ctl[C.MODE] === C.MODE_SYMBOLIC;
}

/** Load the countdown for the next event. */
export function armNext(): void {
  const i = ctl[C.CURSOR];
  const gap = ctl[C.MODE] === C.MODE_NUMERIC && i < sched[S_NEVENTS]
    ? Math.max(1, sched[S_EVENTS + EVENT_WORDS * i])
    : 0x3fffffff;
  ctl[C.EVENT_COUNTDOWN] = gap;
  reload(everyPoint() ? 1 : gap);
}

/** Begin (false) or end (true) a stretch without decisions. */
export function quiet(on: boolean): void {
  settle();
  ctl[C.QUIET] = on ? 1 : 0;
  if (on) reload(0x3fffffff);
  else armNext();
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

/** The function that was running when the step limit was reached. */
function looping(): number {
  let s = regs[SP];
  while (s > 1 && isInline(fnAt(s))) s--;
  return fnAt(s);
}

function checkLimit(): void {
  if (ctl[C.POINTS] < config.stepLimit) return;
  oops(
    OOPS_LOCKUP,
    0,
    0,
    `No end after ${config.stepLimit} schedule points.`,
    looping(),
  );
}

/** The countdown has ended before an access of kind `prim` to the cell at `a`. */
export function decide(prim: number, a: number): void {
  if (config.free) return freeDecide();
  ctl[C.POINTS] += ctl[C.LOADED];
  ctl[C.LOADED] = 0;
  checkLimit();
  if (ctl[C.QUIET] !== 0) {
    reload(0x3fffffff);
    return;
  }
  if (!everyPoint()) {
    numericEvent();
    return;
  }
  reload(1);
  finishTraced();
  regs[ABOUT_PRIM] = prim;
  regs[ABOUT_ADDR] = a;
  try {
    if (ctl[C.MODE] === C.MODE_SYMBOLIC) symbolicDecide(prim, a);
    else if (--ctl[C.EVENT_COUNTDOWN] === 0) numericEvent();
  } catch (e) {
    if (ctl[C.TRACING] !== 0) recordStop(prim, a);
    throw e;
  }
  if (ctl[C.TRACING] !== 0) recordPoint(prim, a);
}
