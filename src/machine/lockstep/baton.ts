/**
 * The baton: in lockstep mode exactly one CPU runs.
 *
 * Handing over is one store and one notify on the next CPU's own wait word, then a wait on the own
 * one. There is no spinning: with the process pinned to a core the other CPU cannot run before this
 * one sleeps.
 *
 * @module
 */
import * as arena from "../words/arena.ts";
import * as C from "../words/control.ts";
import { acquire } from "../clocks/clock.ts";
import { orderEnd, orderStop } from "../clocks/clock_order.ts";
import * as settings from "../words/config.ts";
import { callbacksDue, firstBlocked, pickNext, unblocked } from "../context/cpus.ts";
import { freeBlock } from "../free/free.ts";
import { guilty } from "../calls/guilty.ts";
import { noteTurn } from "../memory/meeting.ts";
import { enterReader, leaveReader } from "../context/grace.ts";
import { runCallbacks } from "../context/interrupt.ts";
import { ABORTED, oops, OOPS_HANG, OOPS_STALL, record } from "../findings/oops.ts";
import * as percpu from "../words/percpu.ts";
import * as registers from "../words/registers.ts";
import { beginTurn } from "./spin.ts";
import { stalledReader } from "./stuck.ts";
import { stepOver } from "./symbolic.ts";
import { recordTurn } from "../record/trace.ts";

const { ctl, pcpu, wake, FREE, KCSAN, WAKE_STRIDE } = arena;
const { regs, BLOCK, CPU } = registers;
const { PREEMPT_NONE } = settings;
const {
  ABORT,
  CURRENT,
  NCPUS,
  POISON,
  PREEMPT,
  QUIET,
  RUN_BLOCKED,
  RUN_RUNNING,
  STATE,
  SWITCHES,
  TRACING,
  WAIT_FN,
  WAIT_JOIN,
  WAIT_KIND,
  WAIT_ON,
  WAIT_SLEEPS,
  WAIT_STOP,
  WAIT_WORD,
} = C;
const { LEFT, READERS } = percpu;
const { BY_BLOCK, BY_SCHEDULE } = C;

/** Reasons for a switch, by number; see control.ts. */
export const REASONS = ["", "schedule", "blocked", "end"] as const;

/** Thrown in a Worker that is told to leave its loop for good. */
export class Poisoned extends Error {
  override name = "Poisoned";
}

/** Wake CPU `cpu` with the baton. */
export function give(cpu: number, reason: number): void {
  ctl[CURRENT] = cpu;
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
  if (ctl[POISON] !== 0) throw new Poisoned();
}

/** Let CPU `cpu` run; returns when this one has the baton again, or unwinds. */
export function switchTo(cpu: number, reason: number): void {
  if (ctl[TRACING] !== 0 && reason === BY_SCHEDULE) recordTurn();
  ctl[SWITCHES]++;
  give(cpu, reason);
  waitTurn();
  if (ctl[ABORT] !== 0) throw ABORTED;
}

/** What this CPU waits for, for others to see. */
function announce(kind: number, on: number, sleeps: boolean): void {
  const me = regs[CPU];
  ctl[WAIT_KIND + me] = kind;
  ctl[WAIT_ON + me] = on;
  ctl[WAIT_SLEEPS + me] = sleeps ? 1 : 0;
  ctl[STATE + me] = RUN_BLOCKED;
  ctl[WAIT_FN + me] = guilty();
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
  const quiescent = sleeps && ctl[PREEMPT] === PREEMPT_NONE &&
    pcpu[regs[BLOCK] + READERS] > 0;
  if (quiescent) leaveReader();
  while (!unblocked(me)) {
    if (sleeps && callbacksDue(me)) {
      ctl[STATE + me] = RUN_RUNNING;
      runCallbacks();
      announce(kind, on, sleeps);
      continue;
    }
    if (ctl[QUIET] !== 0) {
      oops(OOPS_HANG, 0, 0, "Nobody else runs during boot and teardown: this wait cannot end.");
    }
    stepOver(me, true);
    const next = pickNext();
    if (next < 0) reportDeadlock();
    if (next !== me) switchTo(next, BY_BLOCK);
  }
  ctl[STATE + me] = RUN_RUNNING;
  if (quiescent) enterReader();
  if (KCSAN && kind === WAIT_JOIN) orderEnd(on);
  if (KCSAN && kind === WAIT_STOP) orderStop();
  if (KCSAN && kind === WAIT_WORD) acquire(on);
}

/** What a blocked CPU waits for, in words. */
export let describeWait: (cpu: number) => string = () => "";

/** The function that puts waits into words; it knows the names of locks. */
export function setDescribeWait(f: (cpu: number) => string): void {
  describeWait = f;
}

function hungText(): string {
  const lines: string[] = [];
  for (let c = 0; c < ctl[NCPUS]; c++) {
    if (ctl[STATE + c] === RUN_BLOCKED) lines.push(`CPU${c} ${describeWait(c)}`);
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
  record(reader >= 0 ? OOPS_STALL : OOPS_HANG, c, 0, hungText(), ctl[WAIT_FN + c]);
}
