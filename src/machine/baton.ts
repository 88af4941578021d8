/**
 * The baton: in lockstep mode exactly one CPU runs.
 *
 * Handing over is one store and one notify on the next CPU's own wait word, then a wait on the own
 * one. There is no spinning: with the process pinned to a core the other CPU cannot run before this
 * one sleeps.
 *
 * @module
 */
import * as arena from "./arena.ts";
import { WAKE_STRIDE } from "./arena.ts";
import * as C from "./control.ts";
import { acquire } from "./clock.ts";
import { orderEnd, orderStop } from "./clock_order.ts";
import { PREEMPT_NONE } from "./config.ts";
import { callbacksDue, firstBlocked, pickNext, unblocked } from "./cpus.ts";
import { freeBlock } from "./free.ts";
import { guilty } from "./guilty.ts";
import { noteTurn } from "./meeting.ts";
import { enterReader, leaveReader } from "./grace.ts";
import { runCallbacks } from "./interrupt.ts";
import { ABORTED, oops, OOPS_HANG, OOPS_STALL, record } from "./oops.ts";
import { LEFT, READERS } from "./percpu.ts";
import * as registers from "./registers.ts";
import { BLOCK, CPU } from "./registers.ts";
import { beginTurn } from "./spin.ts";
import { stalledReader } from "./stuck.ts";
import { stepOver } from "./symbolic.ts";
import { recordTurn } from "./trace.ts";

const { ctl, FREE, KCSAN, pcpu, wake } = arena;
const { regs } = registers;

/** Reasons for a switch, as recorded. */
export const REASONS = ["", "schedule", "blocked", "end"] as const;
export const BY_SCHEDULE = 1;
export const BY_BLOCK = 2;
export const BY_END = 3;

/** Thrown in a Worker that is told to leave its loop for good. */
export class Poisoned extends Error {
  override name = "Poisoned";
}

/** Wake CPU `cpu` with the baton. */
export function give(cpu: number, reason: number): void {
  ctl[C.CURRENT] = cpu;
  if (!FREE) noteTurn(cpu);
  beginTurn(cpu);
  pcpu[regs[BLOCK] + LEFT] = reason;
  Atomics.store(wake, cpu * WAKE_STRIDE, 1);
  Atomics.notify(wake, cpu * WAKE_STRIDE, 1);
}

/** Sleep until this CPU has the baton. */
export function waitTurn(): void {
  const w = regs[CPU] * WAKE_STRIDE;
  while (Atomics.load(wake, w) === 0) Atomics.wait(wake, w, 0);
  Atomics.store(wake, w, 0);
  if (ctl[C.POISON] !== 0) throw new Poisoned();
}

/** Let CPU `cpu` run; returns when this one has the baton again, or unwinds. */
export function switchTo(cpu: number, reason: number): void {
  if (ctl[C.TRACING] !== 0 && reason === BY_SCHEDULE) recordTurn();
  ctl[C.SWITCHES]++;
  give(cpu, reason);
  waitTurn();
  if (ctl[C.ABORT] !== 0) throw ABORTED;
}

/** What this CPU waits for, for others to see. */
function announce(kind: number, on: number, sleeps: boolean): void {
  const me = regs[CPU];
  ctl[C.WAIT_KIND + me] = kind;
  ctl[C.WAIT_ON + me] = on;
  ctl[C.WAIT_SLEEPS + me] = sleeps ? 1 : 0;
  ctl[C.STATE + me] = C.RUN_BLOCKED;
  ctl[C.WAIT_FN + me] = guilty();
}

/**
 * Wait inside an operation until the condition (`kind`, `on`) holds. `sleeps` tells whether the
 * kernel would schedule away here, which without kernel preemption is a quiescent state; a CPU whose
 * task sleeps still runs its callbacks.
 */
export function block(kind: number, on: number, sleeps: boolean): void {
  const me = regs[CPU];
  if (FREE) return freeBlock(kind, on, sleeps);
  announce(kind, on, sleeps);
  const quiescent = sleeps && ctl[C.PREEMPT] === PREEMPT_NONE &&
    pcpu[regs[BLOCK] + READERS] > 0;
  if (quiescent) leaveReader();
  while (!unblocked(me)) {
    if (sleeps && callbacksDue(me)) {
      ctl[C.STATE + me] = C.RUN_RUNNING;
      runCallbacks();
      announce(kind, on, sleeps);
      continue;
    }
    if (ctl[C.QUIET] !== 0) {
      oops(OOPS_HANG, 0, 0, "Nobody else runs during boot and teardown: this wait cannot end.");
    }
    stepOver(me, true);
    const next = pickNext();
    if (next < 0) reportDeadlock();
    if (next !== me) switchTo(next, BY_BLOCK);
  }
  ctl[C.STATE + me] = C.RUN_RUNNING;
  if (quiescent) enterReader();
  if (KCSAN && kind === C.WAIT_JOIN) orderEnd(on);
  if (KCSAN && kind === C.WAIT_STOP) orderStop();
  if (KCSAN && kind === C.WAIT_WORD) acquire(on);
}

/** What a blocked CPU waits for, in words. */
export let describeWait: (cpu: number) => string = () => "";

/** The function that puts waits into words; it knows the names of locks. */
export function setDescribeWait(f: (cpu: number) => string): void {
  describeWait = f;
}

function hungText(): string {
  const lines: string[] = [];
  for (let c = 0; c < ctl[C.NCPUS]; c++) {
    if (ctl[C.STATE + c] === C.RUN_BLOCKED) lines.push(`CPU${c} ${describeWait(c)}`);
  }
  return lines.join("\n");
}

/** No CPU can go on and at least one is in the middle of something. */
export function reportDeadlock(): never {
  noteDeadlock();
  throw ABORTED;
}

/** The same, found by a CPU that has nothing of its own to unwind. */
export function noteDeadlock(): void {
  const reader = stalledReader();
  const c = reader >= 0 ? reader : firstBlocked();
  record(reader >= 0 ? OOPS_STALL : OOPS_HANG, c, 0, hungText(), ctl[C.WAIT_FN + c]);
}
