/**
 * Kworkers that preempt the tasks of their CPUs.
 *
 * A kworker is a task of its own. With the preemption models `full` and `rt` it may run at any point
 * at which the task of its CPU can be preempted; with every model it may run while that task sleeps.
 * It runs until its queue is empty, as the kernel's worker_thread() does, and softirqs run between
 * its items. What belongs to a task and not to a CPU, such as the locks that it holds, is put away
 * meanwhile.
 *
 * A CPU has several kworkers. While the item of one of them sleeps, another one may run the next item, if
 * its queue allows that (work.ts).
 *
 * A kworker runs on the JavaScript stack of the task or kworker below it, which cannot go on before it
 * is done. Others can: a kworker that waits lets other CPUs run. If it waits for the very
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
import {
  ALLOCS,
  BELOW_KIND,
  BELOW_ON,
  FAIL,
  IN_WORKER,
  NOT_WAITING,
  ON_TOP,
  OP,
  PREEMPTED,
} from "../layout/operations.ts";
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
import { CPUS_MAX, HELD_MAX, WORKERS_MAX } from "../layout/sizes.ts";
import { WAIT_SLEEPS } from "../layout/waits.ts";
import { views } from "../words/arena.ts";
import { enterKworker, leaveKworker } from "../clocks/clock_order.ts";
import { OOPS_CAPACITY, record } from "../findings/oops.ts";
import { finishTraced, recordPoint } from "../record/trace.ts";
import { becomeCpu, emptyStack } from "../words/cpu_state.ts";
import { runDueCallbacks } from "./interrupt.ts";
import { judgeWork } from "./run_task.ts";
import { holds } from "./cpus.ts";
import { canRunWork, runOneWork } from "./work.ts";

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

// What is put away of a task: its words, its locks, its registers, its frames.
const LOCKS = OF_TASK.length;
const REGISTERS_AT = LOCKS + 2 * HELD_MAX;
const FRAMES = REGISTERS_AT + REGISTERS.length;
const WORDS = FRAMES + DEPTH_MAX;
const away = new Int32Array(CPUS_MAX * WORKERS_MAX * WORDS);

/** Whether the kworker of this CPU could preempt its task here, and has something to run. */
export function canPreempt(): boolean {
  const b = regs[BLOCK];
  // A kworker is not preempted by another one: a pool keeps one of them running.
  if (ctl[PREEMPT] === PREEMPT_NONE || pcpu[b + IN_WORKER] !== 0 || pcpu[b + CONTEXT] !== TASK) {
    return false;
  }
  return (pcpu[b + IRQ_OFF] | pcpu[b + PREEMPT_OFF] | pcpu[b + BH_OFF]) === 0 &&
    canRunWork(regs[CPU]);
}

/** Whether the task or kworker of CPU `cpu` sleeps, so that a kworker can run what is queued there. */
function sleepsOverWork(cpu: number): boolean {
  const b = cpu * PCPU_WORDS;
  if (ctl[STATE + cpu] !== CPU_BLOCKED || ctl[WAIT_SLEEPS + cpu] === 0) return false;
  return pcpu[b + CONTEXT] === TASK && ((ctl[ONLINE] >> cpu) & 1) !== 0 &&
    pcpu[b + ON_TOP] < WORKERS_MAX && canRunWork(cpu);
}

/** A CPU where a kworker could run on top of what sleeps, this one first; -1 if there is none. */
export function sleeperWithWork(): number {
  const me = regs[CPU];
  if (sleepsOverWork(me)) return me;
  for (let c = 0; c < ctl[NCPUS]; c++) if (sleepsOverWork(c)) return c;
  return -1;
}

/** Where what lies below the kworker that is to run is put away, or lies. */
function placeOf(b: number): number {
  return (regs[CPU] * WORKERS_MAX + pcpu[b + ON_TOP]) * WORDS;
}

function putAway(b: number): void {
  const at = placeOf(b);
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
  const at = placeOf(b);
  for (let i = 0; i < OF_TASK.length; i++) pcpu[b + OF_TASK[i]] = away[at + i];
  for (let i = 0; i < pcpu[b + HELD]; i++) {
    pcpu[b + HELD_CLASS + i] = away[at + LOCKS + 2 * i];
    pcpu[b + HELD_ADDR + i] = away[at + LOCKS + 2 * i + 1];
  }
  for (let i = 0; i < REGISTERS.length; i++) regs[REGISTERS[i]] = away[at + REGISTERS_AT + i];
  for (let s = 1; s <= regs[SP]; s++) frameFn[s] = away[at + FRAMES + s];
}

/**
 * A kworker of this CPU runs what is queued, until nothing is left. What is below it was preempted, or
 * sleeps and waits for (`kind`, `on`); see hooks/mode.ts.
 */
export function runKworker(kind = NOT_WAITING, on = 0): void {
  const b = regs[BLOCK];
  if (ctl[TRACING] !== 0) recordPoint(PRIM_KWORKER, 0);
  const op = pcpu[b + OP];
  const inWorker = pcpu[b + IN_WORKER];
  const readers = pcpu[b + READERS];
  const thread = KCSAN ? enterKworker() : 0;
  putAway(b);
  pcpu[b + BELOW_KIND + pcpu[b + ON_TOP]] = kind;
  pcpu[b + BELOW_ON + pcpu[b + ON_TOP]] = on;
  pcpu[b + ON_TOP]++;
  pcpu[b + IN_WORKER] = PREEMPTED;
  for (;;) {
    const callbacks = runDueCallbacks();
    const work = runOneWork();
    if (work) judgeWork(readers);
    if (!callbacks && !work) break;
  }
  if (ctl[TRACING] !== 0) finishTraced();
  pcpu[b + IN_WORKER] = inWorker;
  pcpu[b + ON_TOP]--;
  takeOut(b);
  pcpu[b + OP] = op;
  if (KCSAN) leaveKworker(thread);
}

/**
 * No CPU runs, as during boot and teardown, and this one sleeps and waits for (`kind`, `on`): a kworker of
 * some CPU runs what is queued there. False if none has anything to run.
 */
export function quietKworker(kind: number, on: number): boolean {
  const me = regs[CPU];
  for (let i = 0; i < ctl[NCPUS]; i++) {
    const cpu = (me + i) % ctl[NCPUS];
    if (pcpu[cpu * PCPU_WORDS + ON_TOP] >= WORKERS_MAX || !canRunWork(cpu)) continue;
    becomeCpu(cpu);
    try {
      runKworker(kind, on);
    } finally {
      becomeCpu(me);
    }
    return true;
  }
  return false;
}

const CANNOT_GO_ON = "A kworker waits for the task that it preempted, which runs below it here. " +
  "A kernel could go on; this execution says nothing";

/** Whether something below the kworkers of CPU `cpu` could go on, if it were not below them. */
function couldGoOn(cpu: number): boolean {
  const b = cpu * PCPU_WORDS;
  for (let i = 0; i < pcpu[b + ON_TOP]; i++) {
    const kind = pcpu[b + BELOW_KIND + i];
    if (kind === NOT_WAITING || holds(kind, pcpu[b + BELOW_ON + i], cpu)) return true;
  }
  return false;
}

/** Nobody can go on: record that it is the machine's fault, if something below a kworker could. */
export function waitsForPreempted(): boolean {
  for (let c = 0; c < ctl[NCPUS]; c++) {
    if (!couldGoOn(c)) continue;
    record(OOPS_CAPACITY, 0, 0, CANNOT_GO_ON);
    return true;
  }
  return false;
}
