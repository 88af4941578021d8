/**
 * Following a symbolic schedule: what its steps make of the points that a CPU passes.
 *
 * @module
 */
import { NCPUS } from "../layout/cpus.ts";
import { CPU, regs } from "../layout/registers.ts";
import { OCCURRENCES } from "../layout/schedule.ts";
import {
  STEP_INTERRUPT,
  STEP_KWORKER,
  STEP_SOFTIRQ,
  STEP_UNTIL,
  T_CPU,
  T_KIND,
  T_NTH,
} from "../layout/steps.ts";
import { BY_SCHEDULE } from "../layout/turns.ts";
import { views } from "../words/arena.ts";
import { runnable } from "../context/cpus.ts";
import { askInterrupt, askSoftirq } from "../context/interrupt.ts";
import { canPreempt, runKworker } from "../context/preempt.ts";
import { switchTo } from "./baton.ts";
import { advance, current, entered, matches, noteUnreached, stepOver } from "./steps.ts";

const { ctl, sched } = views();

/** Let the kworker in here; where it cannot preempt, or has nothing to run, the step is not reached. */
function serveKworker(): void {
  const can = canPreempt();
  if (!can) noteUnreached();
  advance();
  if (can) runKworker();
}

/** Deliver what a step asks for here; false if the step asks for nothing of the kind. */
function serveStep(kind: number): boolean {
  if (kind === STEP_KWORKER) {
    serveKworker();
    return true;
  }
  if (kind !== STEP_INTERRUPT && kind !== STEP_SOFTIRQ) return false;
  advance();
  if (kind === STEP_INTERRUPT) askInterrupt();
  else askSoftirq();
  return true;
}

/** A step of this CPU has ended between two operations: whether the schedule leaves the CPU there. */
export function isLeft(): boolean {
  for (let t = current(); t >= 0; t = current()) {
    const cpu = sched[t + T_CPU];
    if (cpu === regs[CPU]) {
      if (!serveStep(sched[t + T_KIND])) return false;
      continue;
    }
    if (cpu < ctl[NCPUS] && runnable(cpu)) return true;
    stepOver(cpu, false);
  }
  return false;
}

/** Decide at a point of the CPU that runs. */
export function symbolicDecide(prim: number, a: number): void {
  const me = regs[CPU];
  let t = current();
  if (t >= 0 && sched[t + T_CPU] === me && sched[t + T_KIND] === STEP_UNTIL) {
    if (!matches(t, prim, a) || ++ctl[OCCURRENCES] < sched[t + T_NTH]) return;
    advance();
  } else {
    entered(0, 0);
  }
  // Steps that act at this very point, and steps of others.
  for (t = current(); t >= 0; t = current()) {
    const cpu = sched[t + T_CPU];
    if (cpu !== me) {
      if (cpu < ctl[NCPUS] && runnable(cpu)) {
        switchTo(cpu, BY_SCHEDULE);
        // Whoever came back here chose this CPU: its step is current, or none is.
        if (current() >= 0 && sched[current() + T_CPU] !== me) continue;
        if (current() >= 0 && sched[current() + T_KIND] >= STEP_INTERRUPT) continue;
        return;
      }
      stepOver(cpu, false);
      continue;
    }
    if (!serveStep(sched[t + T_KIND])) return;
  }
}
