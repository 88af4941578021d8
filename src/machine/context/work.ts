/**
 * Work items: queued per CPU, run there between operations by a kworker.
 *
 * The items of a CPU are those of all its work queues, as they came. A queue may have a limit of items that
 * are active on a CPU at once. What is above it waits until an active one of that queue ends, and is
 * then the last of all, as in pwq_dec_nr_in_flight(). If the item of a kworker sleeps, another
 * kworker of that CPU may run the next one, on top of it (preempt.ts).
 *
 * @module
 */
import * as actors from "../layout/actors.ts";
import * as cpuWords from "../layout/cpus.ts";
import * as operationWords from "../layout/operations.ts";
import * as percpu from "../layout/percpu.ts";
import * as registers from "../layout/registers.ts";
import * as sizes from "../layout/sizes.ts";
import { actorOf } from "../layout/actors.ts";
import { views } from "../words/arena.ts";
import { acquire, release } from "../clocks/clock.ts";
import { enterReader, leaveReader } from "./grace.ts";
import { becomeActor, noteBeginning, noteQueued, thisActor } from "../memory/note_meetings.ts";
import { machineLock, machineUnlock } from "../words/machine_lock.ts";
import { oops, OOPS_CAPACITY } from "../findings/oops.ts";
import { objectAt } from "../memory/objects.ts";
import type { Struct } from "../memory/struct_type.ts";

const { ctl, pcpu, work, FREE, KCSAN } = views();
const { ACTS_AS_KWORKER } = actors;
const { PREEMPT, PREEMPT_NONE } = cpuWords;
const { IN_WORKER, OP, PREEMPTED, RUNS_ITEM, RUNS_OF, WORKING, WORK_COUNT, WORK_RUNS } =
  operationWords;
const { PCPU_WORDS } = percpu;
const { regs, BLOCK, CPU, SITE } = registers;
const { WORKERS_MAX, WORK_MAX, WORK_WORDS } = sizes;

let runner: (item: Struct) => void = () => {};

/** The kernel's function that runs one item. */
export function setWorkRunner(f: (item: Struct) => void): void {
  runner = f;
}

/** Words of the `i`-th item that is queued on CPU `cpu`; see {@linkcode WORK_WORDS}. */
function entry(cpu: number, i: number): number {
  return (cpu * WORK_MAX + i) * WORK_WORDS;
}

/** What an entry says of the queue of its item. */
const ACTIVE = 1;
const QUEUE_SHIFT = 1;

/** Items of a queue on CPU `cpu` that run, or that a kworker may run (pwq->nr_active). */
function activeOf(cpu: number, queue: number): number {
  const b = cpu * PCPU_WORDS;
  let n = 0;
  for (let i = 0; i < pcpu[b + WORK_RUNS]; i++) if (pcpu[b + RUNS_OF + i] === queue) n++;
  for (let i = 0; i < pcpu[b + WORK_COUNT]; i++) {
    if (work[entry(cpu, i) + 1] === (queue << QUEUE_SHIFT | ACTIVE)) n++;
  }
  return n;
}

function append(cpu: number, a: number, state: number): void {
  const b = cpu * PCPU_WORDS;
  const n = pcpu[b + WORK_COUNT];
  if (n >= WORK_MAX) oops(OOPS_CAPACITY, 0, 0, `more than ${WORK_MAX} work items on one CPU`);
  const e = entry(cpu, n);
  work[e] = a;
  work[e + 1] = state;
  pcpu[b + WORK_COUNT] = n + 1;
}

/** Take the `i`-th item out of a queue: those behind it move up. */
function take(cpu: number, i: number): void {
  const end = entry(cpu, pcpu[cpu * PCPU_WORDS + WORK_COUNT]--);
  work.copyWithin(entry(cpu, i), entry(cpu, i + 1), end);
}

/** Index of the first item on CPU `cpu` whose words about its queue are `state`, or -1. */
function firstOf(cpu: number, state: number): number {
  const n = pcpu[cpu * PCPU_WORDS + WORK_COUNT];
  for (let i = 0; i < n; i++) if (work[entry(cpu, i) + 1] === state) return i;
  return -1;
}

/** Whether an item runs on CPU `cpu`: it is not run twice at once (find_worker_executing_work()). */
function runs(cpu: number, a: number): boolean {
  const b = cpu * PCPU_WORDS;
  for (let i = 0; i < pcpu[b + WORK_RUNS]; i++) if (pcpu[b + RUNS_ITEM + i] === a) return true;
  return false;
}

/** Index of the first item on CPU `cpu` that a kworker may run, or -1. */
function firstActive(cpu: number): number {
  const n = pcpu[cpu * PCPU_WORDS + WORK_COUNT];
  for (let i = 0; i < n; i++) {
    const e = entry(cpu, i);
    if ((work[e + 1] & ACTIVE) !== 0 && !runs(cpu, work[e])) return i;
  }
  return -1;
}

/** Whether a kworker of CPU `cpu` could run an item, on top of those that run. */
export function canRunWork(cpu: number): boolean {
  return pcpu[cpu * PCPU_WORDS + WORK_RUNS] < WORKERS_MAX && firstActive(cpu) >= 0;
}

/**
 * Append the item at address `a` to those of CPU `cpu`. If `limit` items of its queue are active
 * there, it waits for one of them to end; 0 is no limit.
 */
export function enqueueWork(cpu: number, a: number, queue = 0, limit = 0): void {
  if (FREE) machineLock();
  const active = limit === 0 || activeOf(cpu, queue) < limit;
  append(cpu, a, (queue << QUEUE_SHIFT) | (active ? ACTIVE : 0));
  if (KCSAN) release(a);
  if (FREE) machineUnlock();
  else if (cpu === regs[CPU]) noteQueued();
}

/** Take the first item that may run, which runs from now on; 0 if there is none. */
function beginItem(cpu: number): number {
  const b = cpu * PCPU_WORDS;
  if (pcpu[b + WORK_COUNT] === 0) return 0;
  if (FREE) machineLock();
  const i = pcpu[b + WORK_RUNS] < WORKERS_MAX ? firstActive(cpu) : -1;
  let a = 0;
  if (i >= 0) {
    const e = entry(cpu, i);
    a = work[e];
    const run = pcpu[b + WORK_RUNS]++;
    pcpu[b + RUNS_ITEM + run] = a;
    pcpu[b + RUNS_OF + run] = work[e + 1] >> QUEUE_SHIFT;
    take(cpu, i);
  }
  if (FREE) machineUnlock();
  return a;
}

/** The item that began last has ended: another of its queue becomes active, behind all others. */
function endItem(cpu: number): void {
  const b = cpu * PCPU_WORDS;
  if (FREE) machineLock();
  const queue = pcpu[b + RUNS_OF + --pcpu[b + WORK_RUNS]];
  const i = firstOf(cpu, queue << QUEUE_SHIFT);
  if (i >= 0) {
    const a = work[entry(cpu, i)];
    take(cpu, i);
    append(cpu, a, (queue << QUEUE_SHIFT) | ACTIVE);
  }
  if (FREE) machineUnlock();
}

/** Run one item of this CPU's queue; false if there is none. */
export function runOneWork(): boolean {
  const a = beginItem(regs[CPU]);
  if (a === 0) return false;
  const b = regs[BLOCK];
  const none = ctl[PREEMPT] === PREEMPT_NONE;
  if (none) enterReader();
  pcpu[b + IN_WORKER] |= WORKING;
  pcpu[b + OP] = -1;
  regs[SITE] = 0;
  const actor = thisActor();
  if (KCSAN) acquire(a);
  noteBeginning();
  // Between operations it and the task take turns: no schedule lets one come in the midst of the other.
  if ((pcpu[b + IN_WORKER] & PREEMPTED) !== 0) becomeActor(actorOf(regs[CPU], ACTS_AS_KWORKER));
  runner(objectAt(a)!);
  if (thisActor() !== actor) becomeActor(actor);
  endItem(regs[CPU]);
  pcpu[b + IN_WORKER] &= ~WORKING;
  if (none) leaveReader();
  return true;
}

/** Call `f` with the address of each queued item of a CPU. */
export function forEachWork(cpu: number, f: (a: number) => void): void {
  const n = pcpu[cpu * PCPU_WORDS + WORK_COUNT];
  for (let i = 0; i < n; i++) f(work[entry(cpu, i)]);
}

/** Move the items of a CPU that went down to another: they run there now. */
export function adoptWork(from: number, to: number): void {
  const b = from * PCPU_WORDS;
  if (FREE) machineLock();
  for (let i = 0; i < pcpu[b + WORK_COUNT]; i++) {
    const e = entry(from, i);
    append(to, work[e], work[e + 1]);
    if (KCSAN) release(work[e]);
  }
  pcpu[b + WORK_COUNT] = 0;
  if (FREE) machineUnlock();
  else if (to === regs[CPU]) noteQueued();
}
