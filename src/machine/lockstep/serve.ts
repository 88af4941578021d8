/**
 * What a CPU does with the baton: its operations, and between them deferred work.
 *
 * @module
 */
import * as arena from "../words/arena.ts";
import * as C from "../words/control.ts";
import { emptyStack } from "../words/cpu_state.ts";
import * as percpu from "../words/percpu.ts";
import * as registers from "../words/registers.ts";
import { turn } from "../clocks/clock.ts";
import { deliverPending, nextInterrupt } from "../context/interrupt.ts";
import { deferredWork, runOperation } from "../context/run_task.ts";
import { caught } from "../findings/caught.ts";
import { finishTraced, recordTurn } from "../record/trace.ts";
import { noteDeadlock } from "./baton.ts";
import { firstBlocked, pickNext } from "./pick.ts";
import { stepOver } from "./steps.ts";
import * as layout from "../../prog/layout.ts";

const { ctl, KCSAN, pcpu, prog } = arena;
const { regs, BLOCK, CPU } = registers;
const { ABORT, ONLINE, RUN_IDLE, RUN_OFFLINE, RUN_READY, RUN_RUNNING, STATE, TRACING } = C;
const { OP_CONTEXT, OP_CPU, OP_WORDS, P_NOPS, P_OPS } = layout;
const { NEXT_OP, PENDING, TASK } = percpu;

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

/** One turn of this CPU: its program if it has not begun, deferred work otherwise. */
export function takeTurn(): void {
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
