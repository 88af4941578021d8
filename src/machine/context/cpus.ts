/**
 * Which CPUs are up, which of them can run, and what has to come before the others can.
 *
 * @module
 */
import * as callbackWords from "../layout/callbacks.ts";
import * as contextWords from "../layout/contexts.ts";
import * as cpuWords from "../layout/cpus.ts";
import * as heldWords from "../layout/held.ts";
import * as operationWords from "../layout/operations.ts";
import * as percpu from "../layout/percpu.ts";
import * as readerWords from "../layout/readers.ts";
import * as waitWords from "../layout/waits.ts";
import { views } from "../words/arena.ts";
import { orderStart } from "../clocks/clock_order.ts";
import { refuseWide } from "./wide.ts";
import { anyReady, callbackReady, firstReady } from "./grace.ts";
import { isFreeFor } from "../layout/lock_word.ts";

const { ctl, mem, pcpu, KCSAN } = views();
const { RCU_HEAD, RCU_TAIL } = callbackWords;
const { BH_OFF, CONTEXT, IN_SOFTIRQ, IRQ_OFF, PREEMPT_OFF } = contextWords;
const {
  CPU_BLOCKED,
  CPU_IDLE,
  CPU_READY,
  CPU_RUNNING,
  NCPUS,
  ONLINE,
  PREEMPT,
  PREEMPT_NONE,
  PREEMPT_RT,
  STATE,
} = cpuWords;
const { RT_LOCKS } = heldWords;
const { NEXT_OP, WORK_COUNT } = operationWords;
const { PCPU_WORDS } = percpu;
const { CALLBACKS, READERS } = readerWords;
const {
  WAIT_JOIN,
  WAIT_KIND,
  WAIT_LOCK,
  WAIT_ON,
  WAIT_RCU,
  WAIT_READ,
  WAIT_READ_NOW,
  WAIT_SLEEPS,
  WAIT_STOP_MACHINE,
  WAIT_WORD,
  WAIT_WRITE,
  WAIT_ZERO,
} = waitWords;

/** Whether a CPU is up. */
export function isOnline(cpu: number): boolean {
  return ((Atomics.load(ctl, ONLINE) >> cpu) & 1) !== 0;
}

/** A CPU goes down or comes up. */
export function setOnline(cpu: number, on: boolean): void {
  refuseWide("CPUs go down and come up");
  if (KCSAN && on) orderStart(cpu);
  if (on) Atomics.or(ctl, ONLINE, 1 << cpu);
  else Atomics.and(ctl, ONLINE, ~(1 << cpu));
}

/** Whether stop_machine() for CPU `cpu`, called by `by`, could run now. */
export function stoppable(cpu: number, by: number): boolean {
  const s = ctl[STATE + cpu];
  if (s === CPU_RUNNING || s === CPU_BLOCKED) return false;
  for (let c = 0; c < ctl[NCPUS]; c++) {
    if (c === by) continue;
    const b = c * PCPU_WORDS;
    if (ctl[PREEMPT] === PREEMPT_NONE && pcpu[b + READERS] !== 0) return false;
    if (pcpu[b + IRQ_OFF] !== 0 || pcpu[b + PREEMPT_OFF] !== 0) return false;
    if (pcpu[b + BH_OFF] !== 0) return false;
    if (pcpu[b + CONTEXT] !== 0) return false;
  }
  return true;
}

/** Whether what a blocked CPU waits for has come. */
export function unblocked(cpu: number): boolean {
  return holds(ctl[WAIT_KIND + cpu], ctl[WAIT_ON + cpu], cpu);
}

/** Whether the condition (`kind`, `on`) for which CPU `cpu` waits holds; see hooks/mode.ts. */
export function holds(kind: number, on: number, cpu: number): boolean {
  switch (kind) {
    case WAIT_LOCK:
    case WAIT_ZERO:
      return mem[on] === 0;
    case WAIT_WRITE:
    case WAIT_READ:
    case WAIT_READ_NOW:
      return isFreeFor(kind, mem[on]);
    case WAIT_WORD:
      return mem[on] !== 0;
    case WAIT_JOIN:
      return ctl[STATE + on] === CPU_IDLE && pcpu[on * PCPU_WORDS + NEXT_OP] < 0;
    case WAIT_RCU:
      return callbackReady(on);
    case WAIT_STOP_MACHINE:
      return stoppable(on, cpu);
    default:
      return true;
  }
}

/** Whether an idle CPU has deferred work it could do now. */
export function hasWork(cpu: number): boolean {
  const b = cpu * PCPU_WORDS;
  if (((ctl[ONLINE] >> cpu) & 1) === 0) return false;
  if (pcpu[b + WORK_COUNT] > 0) return true;
  if (ctl[RCU_HEAD] === ctl[RCU_TAIL]) return false;
  if (ctl[PREEMPT] === PREEMPT_RT) return anyReady();
  return pcpu[b + CALLBACKS] > 0 && firstReady(cpu) >= 0;
}

/** Whether callbacks of a CPU whose task sleeps could run now. */
export function callbacksDue(cpu: number): boolean {
  const b = cpu * PCPU_WORDS;
  if (ctl[RCU_HEAD] === ctl[RCU_TAIL]) return false;
  // As for a softirq of the schedule's: nothing that keeps softirqs away may be in force.
  const off = pcpu[b + IRQ_OFF] | pcpu[b + CONTEXT] | pcpu[b + BH_OFF];
  if ((off | pcpu[b + IN_SOFTIRQ] | pcpu[b + RT_LOCKS] | pcpu[b + PREEMPT_OFF]) !== 0) {
    return false;
  }
  if (ctl[PREEMPT] === PREEMPT_RT) return anyReady();
  return pcpu[b + CALLBACKS] > 0 && firstReady(cpu) >= 0;
}

/** Whether CPU `cpu` could go on now. */
export function runnable(cpu: number): boolean {
  switch (ctl[STATE + cpu]) {
    case CPU_READY:
    case CPU_RUNNING:
      return true;
    case CPU_BLOCKED:
      return unblocked(cpu) || (ctl[WAIT_SLEEPS + cpu] !== 0 && callbacksDue(cpu));
    case CPU_IDLE:
      return hasWork(cpu);
    default:
      return false;
  }
}
