/**
 * The steps of a symbolic schedule: "run CPU n until it is about to do PRIMITIVE in FUNCTION (k-th
 * time)".
 *
 * A step is over when its point is reached, when its CPU has nothing left to do, or when its CPU
 * blocks; in the last two cases a step that named a point counts as not reached, which is reported
 * and is no error. When the steps are used up, the current CPU goes on, then the lowest-numbered one
 * that can.
 *
 * @module
 */
import { NCPUS } from "../layout/cpus.ts";
import { FRAME_SEEN, frameFn, regs, SP } from "../layout/registers.ts";
import {
  CURSOR,
  MODE,
  MODE_SYMBOLIC,
  OCCURRENCES,
  UNREACHED,
  UNREACHED_FIRST,
} from "../layout/schedule.ts";
import {
  S_NSTEPS,
  STEP_AFTER,
  STEP_END,
  STEP_INTERRUPT,
  STEP_KWORKER,
  STEP_SOFTIRQ,
  T_CALLEE,
  T_CPU,
  T_FIELD,
  T_FN,
  T_KIND,
  T_NTH,
  T_PRIM,
} from "../layout/steps.ts";
import { views } from "../words/arena.ts";
import { stepAt } from "../layout/steps.ts";
import { OP_ID, OP_WORDS, P_OPS } from "../../prog/layout.ts";
import { fnAt } from "../words/cpu_state.ts";
import { isInline } from "../calls/registry.ts";
import { fieldIdAt } from "../memory/objects.ts";
import { runnable } from "../context/cpus.ts";

const { ctl, prog, sched } = views();

/** Where the current step lies, or -1. */
export function current(): number {
  const i = ctl[CURSOR];
  return i < sched[S_NSTEPS] ? stepAt(i) : -1;
}

/** Go on to the next step. */
export function advance(): void {
  ctl[CURSOR]++;
  ctl[OCCURRENCES] = 0;
}

/** Whether a step is followed although its CPU cannot go on. */
function canEndHere(kind: number, blocked: boolean): boolean {
  if (kind === STEP_END) return true;
  return blocked && (kind === STEP_INTERRUPT || kind === STEP_SOFTIRQ || kind === STEP_KWORKER);
}

/** The current step, if it is CPU `cpu`'s, cannot be pursued further. */
export function stepOver(cpu: number, blocked: boolean): void {
  if (ctl[MODE] !== MODE_SYMBOLIC) return;
  const t = current();
  if (t < 0 || sched[t + T_CPU] !== cpu) return;
  if (!canEndHere(sched[t + T_KIND], blocked)) noteUnreached();
  advance();
}

/** What the current step asks for does not come. */
export function noteUnreached(): void {
  if (ctl[UNREACHED] === 0) ctl[UNREACHED_FIRST] = ctl[CURSOR];
  ctl[UNREACHED]++;
}

/** Whether the current step waits for the end of operation `i` of CPU `cpu`, and has it now. */
export function endsStep(cpu: number, i: number): boolean {
  const t = current();
  if (t < 0 || sched[t + T_CPU] !== cpu || sched[t + T_KIND] !== STEP_AFTER) return false;
  if (sched[t + T_FN] !== prog[P_OPS + i * OP_WORDS + OP_ID]) return false;
  if (++ctl[OCCURRENCES] < sched[t + T_NTH]) return false;
  advance();
  return true;
}

/** The CPU to run when the current one cannot. */
export function symbolicPick(): number {
  for (let t = current(); t >= 0; t = current()) {
    const cpu = sched[t + T_CPU];
    if (cpu < ctl[NCPUS] && runnable(cpu)) return cpu;
    stepOver(cpu, false);
  }
  for (let c = 0; c < ctl[NCPUS]; c++) if (runnable(c)) return c;
  return -1;
}

/** Mark the frames entered since the last look; true if `fn` is among them, called from `caller`. */
export function entered(fn: number, caller: number): boolean {
  let found = false;
  for (let s = regs[SP]; s > 0 && (frameFn[s] & FRAME_SEEN) === 0; s--) {
    if (frameFn[s] === fn && (caller === 0 || fnAt(s - 1) === caller)) found = true;
    frameFn[s] |= FRAME_SEEN;
  }
  return found;
}

/** Whether the innermost frame is `fn`, not counting inlined helpers. */
function inside(fn: number): boolean {
  let s = regs[SP];
  while (s > 1 && fnAt(s) !== fn && isInline(fnAt(s))) s--;
  return fnAt(s) === fn;
}

/** Whether the point (prim, a) is what step `t` waits for. */
export function matches(t: number, prim: number, a: number): boolean {
  const callee = sched[t + T_CALLEE];
  const fn = sched[t + T_FN];
  const fresh = callee !== 0 ? entered(callee, fn) : entered(fn, 0);
  if (callee !== 0 || sched[t + T_PRIM] < 0) return fresh;
  if (sched[t + T_PRIM] !== prim || !inside(fn)) return false;
  return sched[t + T_FIELD] < 0 || fieldIdAt(a) === sched[t + T_FIELD];
}
