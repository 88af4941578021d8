/**
 * Kworkers that preempt the tasks of their CPUs.
 *
 * A kworker is a task of its own. With the preemption models `full` and `rt` it may run at any point
 * at which the task of its CPU can be preempted; with every model it may run while that task sleeps.
 * It runs until its queue is empty, as the kernel's worker_thread() does, and softirqs run between
 * its items. What belongs to a task and not to a CPU, such as the locks that it holds, is put away
 * meanwhile.
 *
 * The kworker runs on the JavaScript stack of the task below it, so that task cannot go on before the
 * kworker is done. Others can: a kworker that waits lets other CPUs run. If it waits for the very
 * task that it preempted, the machine cannot go on although a kernel could. Such an execution ends
 * without a verdict ({@linkcode waitsForPreempted}).
 *
 * @module
 */
import {
  BH_OFF,
  CONTEXT,
  IRQ_DEPTH,
  IRQ_OFF,
  MIGRATE_OFF,
  PREEMPT_OFF,
  TASK,
} from "../layout/contexts.ts";
import { CPU_BLOCKED, NCPUS, ONLINE, PREEMPT, PREEMPT_NONE, STATE } from "../layout/cpus.ts";
import { HELD, HELD_ADDR, HELD_CLASS } from "../layout/held.ts";
import { ALLOCS, FAIL, IN_WORKER, OP, PREEMPTED, WORK_COUNT } from "../layout/operations.ts";
import { PCPU_WORDS } from "../layout/percpu.ts";
import { RCU_BH_NESTING, RCU_NESTING, RCU_SCHED_NESTING, READERS } from "../layout/readers.ts";
import { TRACING } from "../layout/recording.ts";
import { PRIM_KWORKER } from "../layout/records.ts";
import {
  ABOUT_ADDR,
  ABOUT_PRIM,
  BLOCK,
  CPU,
  DEPTH_MAX,
  EDGE,
  FLOOR,
  frameFn,
  PREV,
  regs,
  SITE,
  SP,
} from "../layout/registers.ts";
import { CPUS_MAX, HELD_MAX } from "../layout/sizes.ts";
import { WAIT_SLEEPS } from "../layout/waits.ts";
import { views } from "../words/arena.ts";
import { enterKworker, leaveKworker } from "../clocks/clock_order.ts";
import { OOPS_CAPACITY, record } from "../findings/oops.ts";
import { finishTraced, recordPoint } from "../record/trace.ts";
import { emptyStack } from "../words/cpu_state.ts";
import { runDueCallbacks } from "./interrupt.ts";
import { judgeWork } from "./run_task.ts";
import { runOneWork } from "./work.ts";

const { ctl, pcpu, KCSAN } = views();

/** Words of a CPU that belong to its task. RT_LOCKS stays: it keeps softirqs away. */
const OF_TASK = [
  FAIL,
  ALLOCS,
  RCU_NESTING,
  RCU_SCHED_NESTING,
  RCU_BH_NESTING,
  MIGRATE_OFF,
  IRQ_DEPTH,
  HELD,
];
const REGISTERS = [SP, FLOOR, PREV, SITE, EDGE, ABOUT_PRIM, ABOUT_ADDR];

// A kworker is not preempted by another one, so each CPU has one task at a time to put away. Its
// words, its locks, its registers, its frames:
const LOCKS = OF_TASK.length;
const REGISTERS_AT = LOCKS + 2 * HELD_MAX;
const FRAMES = REGISTERS_AT + REGISTERS.length;
const WORDS = FRAMES + DEPTH_MAX;
const away = new Int32Array(CPUS_MAX * WORDS);

/** Whether this CPU has work that its kworker could run on top of what it does now. */
function hasQueued(b: number): boolean {
  return pcpu[b + WORK_COUNT] > 0 && pcpu[b + IN_WORKER] === 0;
}

/** Whether the kworker of this CPU could preempt its task here, and has something to run. */
export function canPreempt(): boolean {
  const b = regs[BLOCK];
  if (!hasQueued(b) || ctl[PREEMPT] === PREEMPT_NONE || pcpu[b + CONTEXT] !== TASK) return false;
  return (pcpu[b + IRQ_OFF] | pcpu[b + PREEMPT_OFF] | pcpu[b + BH_OFF]) === 0;
}

/** Whether the task of CPU `cpu` sleeps, so that the kworker can run what is queued there. */
function sleepsOverWork(cpu: number): boolean {
  const b = cpu * PCPU_WORDS;
  if (ctl[STATE + cpu] !== CPU_BLOCKED || ctl[WAIT_SLEEPS + cpu] === 0) return false;
  return hasQueued(b) && pcpu[b + CONTEXT] === TASK && ((ctl[ONLINE] >> cpu) & 1) !== 0;
}

/** A CPU whose kworker could run while its task sleeps, this one first; -1 if there is none. */
export function sleeperWithWork(): number {
  const me = regs[CPU];
  if (sleepsOverWork(me)) return me;
  for (let c = 0; c < ctl[NCPUS]; c++) if (sleepsOverWork(c)) return c;
  return -1;
}

function putAway(b: number): void {
  const at = regs[CPU] * WORDS;
  for (let i = 0; i < REGISTERS.length; i++) away[at + REGISTERS_AT + i] = regs[REGISTERS[i]];
  for (let s = 1; s <= regs[SP]; s++) away[at + FRAMES + s] = frameFn[s];
  for (let i = 0; i < pcpu[b + HELD]; i++) {
    away[at + LOCKS + 2 * i] = pcpu[b + HELD_CLASS + i];
    away[at + LOCKS + 2 * i + 1] = pcpu[b + HELD_ADDR + i];
  }
  for (let i = 0; i < OF_TASK.length; i++) {
    away[at + i] = pcpu[b + OF_TASK[i]];
    pcpu[b + OF_TASK[i]] = 0;
  }
  emptyStack();
}

function takeOut(b: number): void {
  const at = regs[CPU] * WORDS;
  for (let i = 0; i < OF_TASK.length; i++) pcpu[b + OF_TASK[i]] = away[at + i];
  for (let i = 0; i < pcpu[b + HELD]; i++) {
    pcpu[b + HELD_CLASS + i] = away[at + LOCKS + 2 * i];
    pcpu[b + HELD_ADDR + i] = away[at + LOCKS + 2 * i + 1];
  }
  for (let i = 0; i < REGISTERS.length; i++) regs[REGISTERS[i]] = away[at + REGISTERS_AT + i];
  for (let s = 1; s <= regs[SP]; s++) frameFn[s] = away[at + FRAMES + s];
}

/** The kworker of this CPU runs what is queued, on top of the task, until nothing is left. */
export function runKworker(): void {
  const b = regs[BLOCK];
  if (ctl[TRACING] !== 0) recordPoint(PRIM_KWORKER, 0);
  const op = pcpu[b + OP];
  const readers = pcpu[b + READERS];
  const thread = KCSAN ? enterKworker() : 0;
  putAway(b);
  pcpu[b + IN_WORKER] = PREEMPTED;
  for (;;) {
    const callbacks = runDueCallbacks();
    const work = runOneWork();
    if (work) judgeWork(readers);
    if (!callbacks && !work) break;
  }
  if (ctl[TRACING] !== 0) finishTraced();
  pcpu[b + IN_WORKER] = 0;
  takeOut(b);
  pcpu[b + OP] = op;
  if (KCSAN) leaveKworker(thread);
}

const CANNOT_GO_ON = "A kworker waits for the task that it preempted, which runs below it here. " +
  "A kernel could go on; this execution says nothing";

/** Nobody can go on: record that it is the machine's fault, if a preempted task could. */
export function waitsForPreempted(): boolean {
  for (let c = 0; c < ctl[NCPUS]; c++) {
    if ((pcpu[c * PCPU_WORDS + IN_WORKER] & PREEMPTED) === 0) continue;
    record(OOPS_CAPACITY, 0, 0, CANNOT_GO_ON);
    return true;
  }
  return false;
}
