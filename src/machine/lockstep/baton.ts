/**
 * The baton: in lockstep mode exactly one CPU runs.
 *
 * Handing over is one store and one notify on the next CPU's own wait word, then a wait on the own
 * one. There is no spinning: with the process pinned to a core the other CPU cannot run before this
 * one sleeps.
 *
 * @module
 */
import * as cpuWords from "../layout/cpus.ts";
import * as oopsWords from "../layout/oops.ts";
import * as operationWords from "../layout/operations.ts";
import * as readerWords from "../layout/readers.ts";
import * as recordWords from "../layout/recording.ts";
import * as registers from "../layout/registers.ts";
import * as turnWords from "../layout/turns.ts";
import * as waitWords from "../layout/waits.ts";
import * as walkWords from "../layout/walk.ts";
import { views } from "../words/arena.ts";
import { acquire } from "../clocks/clock.ts";
import { orderEnd, orderStop } from "../clocks/clock_order.ts";
import { callbacksDue, unblocked } from "../context/cpus.ts";
import { guilty } from "../calls/guilty.ts";
import { actorOn, noteTurn } from "../memory/note_meetings.ts";
import { enterReader, leaveReader } from "../context/grace.ts";
import { runCallbacks } from "../context/interrupt.ts";
import {
  quietKworker,
  runKworker,
  sleeperWithWork,
  waitsForPreempted,
} from "../context/preempt.ts";
import { ABORTED, oops, OOPS_HANG, OOPS_STALL, record } from "../findings/oops.ts";
import { waitTurn, wakeCpu } from "../words/wake.ts";
import { describeWait } from "../locks/describe_wait.ts";
import { firstBlocked, pickNext } from "./pick.ts";
import { beginTurn } from "./spin.ts";
import { stepOver } from "./steps.ts";
import { stalledReader } from "./stuck.ts";
import { beginAccess } from "./walk_state.ts";
import { finishTraced, recordTurn } from "../record/trace.ts";

const { ctl, pcpu, KCSAN } = views();
const { CPU_BLOCKED, CPU_RUNNING, NCPUS, PREEMPT, PREEMPT_NONE, QUIET, STATE } = cpuWords;
const { ABORT } = oopsWords;
const { LEFT } = operationWords;
const { READERS } = readerWords;
const { TRACING } = recordWords;
const { regs, BLOCK, CPU } = registers;
const { BY_BLOCK, BY_SCHEDULE, SWITCHES } = turnWords;
const { WALKING } = walkWords;
const { WAIT_FN, WAIT_JOIN, WAIT_KIND, WAIT_ON, WAIT_SLEEPS, WAIT_STOP_MACHINE, WAIT_WORD } =
  waitWords;

/** This CPU's turn ends, and that of CPU `cpu` begins. */
export function changeTurn(cpu: number, reason: number): void {
  ctl[SWITCHES]++;
  noteTurn(actorOn(cpu));
  beginTurn(cpu);
  if (ctl[WALKING] !== 0) beginAccess(cpu);
  pcpu[regs[BLOCK] + LEFT] = reason;
}

/** Wake CPU `cpu` with the baton. */
export function give(cpu: number, reason: number): void {
  changeTurn(cpu, reason);
  wakeCpu(cpu);
}

/**
 * Thrown by {@linkcode Pass} to take the frames of a CPU off the stack, which will be put there again
 * when it has the baton (fibers/nested.ts). Nobody may act on it.
 */
export const SUSPENDED: Error = new Error("The CPU is suspended");

/** Let CPU `cpu` run; returns when this one has the baton again. */
export type Pass = (cpu: number, reason: number) => void;

function giveAndWait(cpu: number, reason: number): void {
  give(cpu, reason);
  waitTurn();
}

let pass: Pass = giveAndWait;

/** Set how CPU 0's thread passes the baton on; null: as all threads do, by waking another one. */
export function passWith(f: Pass | null): void {
  pass = f ?? giveAndWait;
}

/** Let CPU `cpu` run; returns when this one has the baton again, or unwinds. */
export function switchTo(cpu: number, reason: number): void {
  if (ctl[TRACING] !== 0 && reason === BY_SCHEDULE) recordTurn();
  pass(cpu, reason);
  if (ctl[ABORT] !== 0) throw ABORTED;
}

/** What this CPU waits for, for others to see. */
function announce(kind: number, on: number, sleeps: boolean): void {
  const me = regs[CPU];
  ctl[WAIT_KIND + me] = kind;
  ctl[WAIT_ON + me] = on;
  ctl[WAIT_SLEEPS + me] = sleeps ? 1 : 0;
  ctl[STATE + me] = CPU_BLOCKED;
  ctl[WAIT_FN + me] = guilty();
}

/** Let others run until the condition (`kind`, `on`) holds; see hooks/mode.ts. */
export function block(kind: number, on: number, sleeps: boolean): void {
  const me = regs[CPU];
  if (ctl[TRACING] !== 0) finishTraced();
  announce(kind, on, sleeps);
  const quiescent = sleeps && ctl[PREEMPT] === PREEMPT_NONE &&
    pcpu[regs[BLOCK] + READERS] > 0;
  if (quiescent) leaveReader();
  while (!unblocked(me)) {
    if (sleeps && callbacksDue(me)) {
      ctl[STATE + me] = CPU_RUNNING;
      runCallbacks();
      announce(kind, on, sleeps);
      continue;
    }
    if (ctl[QUIET] !== 0) {
      if (sleeps && quietKworker(kind, on)) {
        announce(kind, on, sleeps);
        continue;
      }
      oops(OOPS_HANG, 0, 0, "Nobody else runs during boot and teardown: this wait cannot end.");
    }
    stepOver(me, true);
    const next = pickNext();
    if (next < 0) lastResort(kind, on, sleeps);
    else if (next !== me) switchTo(next, BY_BLOCK);
  }
  ctl[STATE + me] = CPU_RUNNING;
  if (quiescent) enterReader();
  if (KCSAN && kind === WAIT_JOIN) orderEnd(on);
  if (KCSAN && kind === WAIT_STOP_MACHINE) orderStop();
  if (KCSAN && kind === WAIT_WORD) acquire(on);
}

/** No CPU can go on: a kworker may, where what it lies on sleeps; if there is none, it is a deadlock. */
function lastResort(kind: number, on: number, sleeps: boolean): void {
  const me = regs[CPU];
  const cpu = sleeperWithWork();
  if (cpu < 0) reportDeadlock();
  if (cpu !== me) {
    switchTo(cpu, BY_BLOCK);
    return;
  }
  ctl[STATE + me] = CPU_RUNNING;
  runKworker(kind, on);
  announce(kind, on, sleeps);
}

function hungText(): string {
  const lines: string[] = [];
  for (let c = 0; c < ctl[NCPUS]; c++) {
    if (ctl[STATE + c] === CPU_BLOCKED) lines.push(`CPU${c} ${describeWait(c)}`);
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
  if (waitsForPreempted()) return;
  const reader = stalledReader();
  const c = reader >= 0 ? reader : firstBlocked();
  record(reader >= 0 ? OOPS_STALL : OOPS_HANG, c, 0, hungText(), ctl[WAIT_FN + c]);
}
