/**
 * Which CPUs can run, and which one does when nobody says.
 *
 * @module
 */
import * as arena from "./arena.ts";
import { PCPU_WORDS } from "./arena.ts";
import { orderStart } from "./clock_order.ts";
import * as C from "./control.ts";
import { PREEMPT_NONE, PREEMPT_RT } from "./config.ts";
import { anyReady, callbackReady, firstReady } from "./grace.ts";
import { isFreeFor } from "./lock_word.ts";
import * as P from "./percpu.ts";
import { symbolicPick } from "./symbolic.ts";

const { ctl, KCSAN, mem, pcpu } = arena;

/** Whether a CPU is up. */
export function isOnline(cpu: number): boolean {
  return ((Atomics.load(ctl, C.ONLINE) >> cpu) & 1) !== 0;
}

/** A CPU goes down or comes up. */
export function setOnline(cpu: number, on: boolean): void {
  if (KCSAN && on) orderStart(cpu);
  if (on) Atomics.or(ctl, C.ONLINE, 1 << cpu);
  else Atomics.and(ctl, C.ONLINE, ~(1 << cpu));
}

/** Whether stop_machine() for CPU `cpu`, called by `by`, could run now. */
export function stoppable(cpu: number, by: number): boolean {
  const s = ctl[C.STATE + cpu];
  if (s === C.RUN_RUNNING || s === C.RUN_BLOCKED) return false;
  for (let c = 0; c < ctl[C.NCPUS]; c++) {
    if (c === by) continue;
    const b = c * PCPU_WORDS;
    if (ctl[C.PREEMPT] === PREEMPT_NONE && pcpu[b + P.READERS] !== 0) return false;
    if (pcpu[b + P.IRQ_OFF] !== 0 || pcpu[b + P.PREEMPT_OFF] !== 0) return false;
    if (pcpu[b + P.BH_OFF] !== 0) return false;
    if (pcpu[b + P.CONTEXT] !== 0) return false;
  }
  return true;
}

/** Whether what a blocked CPU waits for has come. */
export function unblocked(cpu: number): boolean {
  const on = ctl[C.WAIT_ON + cpu];
  switch (ctl[C.WAIT_KIND + cpu]) {
    case C.WAIT_LOCK:
    case C.WAIT_ZERO:
      return mem[on] === 0;
    case C.WAIT_WRITE:
    case C.WAIT_READ:
    case C.WAIT_READ_NOW:
      return isFreeFor(ctl[C.WAIT_KIND + cpu], mem[on]);
    case C.WAIT_WORD:
      return mem[on] !== 0;
    case C.WAIT_JOIN:
      return ctl[C.STATE + on] === C.RUN_IDLE && pcpu[on * PCPU_WORDS + P.NEXT_OP] < 0;
    case C.WAIT_RCU:
      return callbackReady(on);
    case C.WAIT_STOP:
      return stoppable(on, cpu);
    default:
      return true;
  }
}

/** Whether an idle CPU has deferred work it could do now. */
export function hasWork(cpu: number): boolean {
  const b = cpu * PCPU_WORDS;
  if (((ctl[C.ONLINE] >> cpu) & 1) === 0) return false;
  if (pcpu[b + P.WORK_COUNT] > 0) return true;
  if (ctl[C.RCU_HEAD] === ctl[C.RCU_TAIL]) return false;
  if (ctl[C.PREEMPT] === PREEMPT_RT) return anyReady();
  return pcpu[b + P.CALLBACKS] > 0 && firstReady(cpu) >= 0;
}

/** Whether callbacks of a CPU whose task sleeps could run now. */
export function callbacksDue(cpu: number): boolean {
  const b = cpu * PCPU_WORDS;
  if (ctl[C.RCU_HEAD] === ctl[C.RCU_TAIL]) return false;
  // As for a softirq of the schedule's: nothing that keeps softirqs away may be in force.
  const off = pcpu[b + P.IRQ_OFF] | pcpu[b + P.CONTEXT] | pcpu[b + P.BH_OFF];
  if ((off | pcpu[b + P.IN_SOFTIRQ] | pcpu[b + P.RT_LOCKS] | pcpu[b + P.PREEMPT_OFF]) !== 0) {
    return false;
  }
  if (ctl[C.PREEMPT] === PREEMPT_RT) return anyReady();
  return pcpu[b + P.CALLBACKS] > 0 && firstReady(cpu) >= 0;
}

/** Whether CPU `cpu` could go on now. */
export function runnable(cpu: number): boolean {
  switch (ctl[C.STATE + cpu]) {
    case C.RUN_READY:
    case C.RUN_RUNNING:
      return true;
    case C.RUN_BLOCKED:
      return unblocked(cpu) || (ctl[C.WAIT_SLEEPS + cpu] !== 0 && callbacksDue(cpu));
    case C.RUN_IDLE:
      return hasWork(cpu);
    default:
      return false;
  }
}

/** While unwinding: a CPU that still has something on its stack, or -1. */
function nextToUnwind(): number {
  for (let c = 0; c < ctl[C.NCPUS]; c++) {
    const s = ctl[C.STATE + c];
    if (s === C.RUN_RUNNING || s === C.RUN_BLOCKED) return c;
  }
  return -1;
}

/** The CPU to run when `me` cannot or need not go on; -1 if there is none. */
export function pickNext(): number {
  if (ctl[C.ABORT] !== 0) return nextToUnwind();
  if (ctl[C.MODE] === C.MODE_SYMBOLIC) return symbolicPick();
  let best = -1;
  let priority = 0x7fffffff;
  for (let c = 0; c < ctl[C.NCPUS]; c++) {
    if (ctl[C.PRIORITY + c] < priority && runnable(c)) {
      best = c;
      priority = ctl[C.PRIORITY + c];
    }
  }
  return best;
}

/** The first CPU that waits for something that will never come, or -1. */
export function firstBlocked(): number {
  for (let c = 0; c < ctl[C.NCPUS]; c++) if (ctl[C.STATE + c] === C.RUN_BLOCKED) return c;
  return -1;
}
