/**
 * What a CPU does with the baton: its operations, and between them deferred work.
 *
 * A CPU with nothing to do has nothing on its JavaScript stack; it waits in {@linkcode cpuMain} for
 * the baton, so the end of an execution wakes nobody.
 *
 * @module
 */
import * as arena from "./words/arena.ts";
import { give, noteDeadlock, Poisoned, waitTurn } from "./lockstep/baton.ts";
import { bareServe } from "./lockstep/bare.ts";
import { turn } from "./clocks/clock.ts";
import * as settings from "./words/config.ts";
import * as C from "./words/control.ts";
import { firstBlocked, pickNext } from "./context/cpus.ts";
import { freeServe } from "./free/free.ts";
import { enterReader, leaveReader } from "./context/grace.ts";
import { deliverPending, nextInterrupt, runCallbacks } from "./context/interrupt.ts";
import { noteBeginning } from "./memory/meeting.ts";
import { ABORTED, OOPS_EXCEPTION, OOPS_NULL, record } from "./findings/oops.ts";
import { operationBody } from "./context/operation.ts";
import * as percpu from "./words/percpu.ts";
import * as registers from "./words/registers.ts";
import { emptyStack } from "./words/cpu_state.ts";
import { stepOver } from "./lockstep/symbolic.ts";
import { finishTraced, recordTurn } from "./record/trace.ts";
import { runOneWork } from "./context/work.ts";
import * as layout from "../prog/layout.ts";

const { ctl, FREE, KCSAN, pcpu, prog } = arena;
const { regs, BLOCK, CPU } = registers;
const { PREEMPT_NONE } = settings;
const {
  ABORT,
  BARE_TURNS,
  FINISHED,
  ONLINE,
  PREEMPT,
  RCU_HEAD,
  RCU_TAIL,
  RUN_IDLE,
  RUN_OFFLINE,
  RUN_READY,
  RUN_RUNNING,
  STATE,
  SWITCHES,
  TRACING,
} = C;
const { OP_CONTEXT, OP_CPU, OP_WORDS, P_NOPS, P_OPS } = layout;
const { HELD, NEXT_OP, OP, PENDING, READERS, TASK, WORK_COUNT } = percpu;
const { BY_END } = C;

let imbalance: () => void = () => {};

/** The oracle that is asked when an operation ends inside a section or with a lock held. */
export function onImbalance(f: () => void): void {
  imbalance = f;
}

/** Run task operation `i` from entry to return to user space. */
export function runOperation(i: number): void {
  const b = regs[BLOCK];
  const none = ctl[PREEMPT] === PREEMPT_NONE;
  if (none) enterReader();
  emptyStack();
  noteBeginning();
  operationBody(i);
  if (none) leaveReader();
  if (pcpu[b + READERS] !== 0 || pcpu[b + HELD] !== 0) imbalance();
  pcpu[b + OP] = -1;
}

/** Callbacks and work items, until this CPU has none that could run. */
export function deferredWork(): void {
  const b = regs[BLOCK];
  // Mostly there is none.
  if (!FREE && pcpu[b + WORK_COUNT] === 0 && ctl[RCU_HEAD] === ctl[RCU_TAIL]) return;
  for (;;) {
    const callbacks = runCallbacks();
    const work = runOneWork();
    if (work && (pcpu[b + READERS] !== 0 || pcpu[b + HELD] !== 0)) imbalance();
    if (!callbacks && !work) return;
  }
}

/** Next operation of this CPU's task, or -1. */
function nextOperation(): number {
  const b = regs[BLOCK];
  const n = prog[P_NOPS];
  for (let i = Math.max(0, pcpu[b + NEXT_OP]); i < n; i++) {
    const o = P_OPS + i * OP_WORDS;
    if (prog[o + OP_CPU] === regs[CPU] && prog[o + OP_CONTEXT] === TASK) return i;
  }
  return -1;
}

/** Interrupts that the schedule did not place come when the CPU is otherwise done. */
function lateInterrupts(): void {
  const b = regs[BLOCK];
  while (nextInterrupt() >= 0) {
    pcpu[b + PENDING]++;
    deliverPending();
  }
}

/** The task's operations in order; stops early if the CPU is taken down. */
function runProgram(): void {
  const b = regs[BLOCK];
  for (;;) {
    const i = nextOperation();
    if (i < 0) break;
    if (((ctl[ONLINE] >> regs[CPU]) & 1) === 0) {
      pcpu[b + NEXT_OP] = i;
      ctl[STATE + regs[CPU]] = RUN_OFFLINE;
      return;
    }
    pcpu[b + NEXT_OP] = i + 1;
    runOperation(i);
    deferredWork();
  }
  pcpu[b + NEXT_OP] = -1;
  if (((ctl[ONLINE] >> regs[CPU]) & 1) === 0) return;
  lateInterrupts();
  deferredWork();
}

/** Turn what was thrown into a finding, unless it is the unwinding of one. */
export function caught(e: unknown): void {
  if (e === ABORTED) return;
  if (e instanceof Poisoned) throw e;
  if (e instanceof TypeError && /properties of null/.test(e.message)) {
    const field = /(?:reading|setting) '([^']*)'/.exec(e.message)?.[1].replace(/^\$/, "") ?? "?";
    const verb = /setting/.test(e.message) ? "Write" : "Read";
    record(OOPS_NULL, 0, 0, `${verb} of field "${field}" through a NULL pointer.`);
    return;
  }
  const error = e instanceof Error ? e : new Error(String(e));
  record(OOPS_EXCEPTION, 0, 0, error.stack ?? `${error.name}: ${error.message}`);
}

/** One turn of this CPU: its program if it has not begun, deferred work otherwise. */
export function serve(): void {
  const me = regs[CPU];
  emptyStack();
  if (ctl[ABORT] !== 0) {
    ctl[STATE + me] = RUN_IDLE;
    return;
  }
  if (KCSAN) turn(true);
  try {
    const fresh = ctl[STATE + me] === RUN_READY;
    ctl[STATE + me] = RUN_RUNNING;
    if (fresh) runProgram();
    else deferredWork();
    if (ctl[TRACING] !== 0) {
      finishTraced();
      recordTurn();
    }
  } catch (e) {
    caught(e);
  }
  if (KCSAN) turn(false);
  if (ctl[STATE + me] === RUN_RUNNING || ctl[ABORT] !== 0) ctl[STATE + me] = RUN_IDLE;
  stepOver(me, false);
}

/** Who runs after this CPU's turn; reports a deadlock if that is nobody and somebody waits. */
export function successor(): number {
  let next = pickNext();
  if (next < 0 && ctl[ABORT] === 0 && firstBlocked() >= 0) {
    noteDeadlock();
    next = pickNext();
  }
  return next;
}

/** The loop of every CPU but CPU 0: take the baton, serve, pass it on. Returns when poisoned. */
export function cpuMain(): void {
  const me = regs[CPU];
  try {
    for (;;) {
      waitTurn();
      if (FREE) {
        freeServe();
        continue;
      }
      if (ctl[BARE_TURNS] !== 0) {
        bareServe();
        continue;
      }
      let next = me;
      while (next === me) {
        serve();
        next = successor();
      }
      if (next < 0) {
        ctl[FINISHED] = 1;
        next = 0;
      }
      ctl[SWITCHES]++;
      give(next, BY_END);
    }
  } catch (e) {
    if (!(e instanceof Poisoned)) throw e;
  }
}
