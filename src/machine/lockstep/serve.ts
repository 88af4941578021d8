/**
 * What a CPU does with the baton: its operations, and between them deferred work.
 *
 * @module
 */
import * as contextWords from "../layout/contexts.ts";
import * as cpuWords from "../layout/cpus.ts";
import * as oopsWords from "../layout/oops.ts";
import * as operationWords from "../layout/operations.ts";
import * as recordWords from "../layout/recording.ts";
import * as registers from "../layout/registers.ts";
import * as scheduleWords from "../layout/schedule.ts";
import * as turnWords from "../layout/turns.ts";
import { views } from "../words/arena.ts";
import * as layout from "../../prog/layout.ts";
import { emptyStack } from "../words/cpu_state.ts";
import { turn } from "../clocks/clock.ts";
import { deliverPending, nextInterrupt } from "../context/interrupt.ts";
import { sleeperWithWork } from "../context/preempt.ts";
import { deferredWork, runOperation } from "../context/run_task.ts";
import { caught } from "../context/caught.ts";
import { finishTraced, recordTurn } from "../record/trace.ts";
import { noteDeadlock, SUSPENDED } from "./baton.ts";
import { firstBlocked, pickNext } from "./pick.ts";
import { endsStep, stepOver } from "./steps.ts";
import { isLeft } from "./symbolic.ts";

const { ctl, pcpu, prog, KCSAN } = views();
const { PENDING, TASK } = contextWords;
const { CPU_IDLE, CPU_OFFLINE, CPU_READY, CPU_RUNNING, ONLINE, STATE } = cpuWords;
const { ABORT } = oopsWords;
const { BETWEEN, NEXT_OP } = operationWords;
const { TRACING } = recordWords;
const { MODE, MODE_SYMBOLIC } = scheduleWords;
const { regs, BLOCK, CPU } = registers;
const { BY_AFTER, BY_END } = turnWords;
const { OP_CONTEXT, OP_CPU, OP_WORDS, P_NOPS, P_OPS } = layout;

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

/** Whether the schedule leaves this CPU after operation `i`, which has ended. */
function leavesAfter(i: number): boolean {
  return ctl[MODE] === MODE_SYMBOLIC && endsStep(regs[CPU], i) && isLeft();
}

/** The task's operations in order; stops early if the CPU is taken down or left. */
function runProgram(): void {
  const b = regs[BLOCK];
  if (pcpu[b + BETWEEN] !== 0) {
    pcpu[b + BETWEEN] = 0;
    deferredWork();
  }
  for (;;) {
    const i = nextOperation();
    if (i < 0) break;
    if (((ctl[ONLINE] >> regs[CPU]) & 1) === 0) {
      pcpu[b + NEXT_OP] = i;
      ctl[STATE + regs[CPU]] = CPU_OFFLINE;
      return;
    }
    pcpu[b + NEXT_OP] = i + 1;
    runOperation(i);
    if (leavesAfter(i)) {
      pcpu[b + BETWEEN] = 1;
      ctl[STATE + regs[CPU]] = CPU_READY;
      return;
    }
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
    ctl[STATE + me] = CPU_IDLE;
    return;
  }
  if (KCSAN) turn(true);
  try {
    const fresh = ctl[STATE + me] === CPU_READY;
    ctl[STATE + me] = CPU_RUNNING;
    if (fresh) runProgram();
    else deferredWork();
    if (ctl[TRACING] !== 0) {
      finishTraced();
      recordTurn();
    }
  } catch (e) {
    if (e === SUSPENDED) throw e;
    if (ctl[TRACING] !== 0) finishTraced();
    caught(e);
  }
  endTurn();
}

/** This CPU has nothing on its stack any more. */
export function endTurn(): void {
  const me = regs[CPU];
  if (KCSAN) turn(false);
  if (ctl[STATE + me] === CPU_RUNNING || ctl[ABORT] !== 0) ctl[STATE + me] = CPU_IDLE;
  stepOver(me, false);
}

/** Why this CPU's turn has ended. */
export function endOfTurn(): number {
  return pcpu[regs[BLOCK] + BETWEEN] !== 0 ? BY_AFTER : BY_END;
}

/** Who runs after this CPU's turn; reports a deadlock if that is nobody and somebody waits. */
export function successor(): number {
  let next = pickNext();
  if (next < 0 && ctl[ABORT] === 0) next = sleeperWithWork();
  if (next < 0 && ctl[ABORT] === 0 && firstBlocked() >= 0) {
    noteDeadlock();
    next = pickNext();
  }
  return next;
}
