/**
 * Work items: queued per CPU, run there between operations by a kworker.
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
const { IN_WORKER, OP, PREEMPTED, WORKING, WORK_COUNT, WORK_HEAD } = operationWords;
const { PCPU_WORDS } = percpu;
const { regs, BLOCK, CPU, SITE } = registers;
const { WORK_MAX } = sizes;

let runner: (item: Struct) => void = () => {};

/** The kernel's function that runs one item. */
export function setWorkRunner(f: (item: Struct) => void): void {
  runner = f;
}

/** Append the item at address `a` to the queue of CPU `cpu`. */
export function enqueueWork(cpu: number, a: number): void {
  if (FREE) machineLock();
  const b = cpu * PCPU_WORDS;
  const n = pcpu[b + WORK_COUNT];
  if (n >= WORK_MAX) oops(OOPS_CAPACITY, 0, 0, `more than ${WORK_MAX} work items on one CPU`);
  work[cpu * WORK_MAX + ((pcpu[b + WORK_HEAD] + n) % WORK_MAX)] = a;
  pcpu[b + WORK_COUNT] = n + 1;
  if (KCSAN) release(a);
  if (FREE) machineUnlock();
  else if (cpu === regs[CPU]) noteQueued();
}

function dequeue(cpu: number): number {
  if (pcpu[cpu * PCPU_WORDS + WORK_COUNT] === 0) return 0;
  if (FREE) machineLock();
  const b = cpu * PCPU_WORDS;
  const h = pcpu[b + WORK_HEAD];
  const a = pcpu[b + WORK_COUNT] === 0 ? 0 : work[cpu * WORK_MAX + h];
  if (a !== 0) {
    pcpu[b + WORK_HEAD] = (h + 1) % WORK_MAX;
    pcpu[b + WORK_COUNT]--;
  }
  if (FREE) machineUnlock();
  return a;
}

/** Run one item of this CPU's queue; false if there is none. */
export function runOneWork(): boolean {
  const a = dequeue(regs[CPU]);
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
  pcpu[b + IN_WORKER] &= ~WORKING;
  if (none) leaveReader();
  return true;
}

/** Call `f` with the address of each queued item of a CPU. */
export function forEachWork(cpu: number, f: (a: number) => void): void {
  const b = cpu * PCPU_WORDS;
  for (let i = 0; i < pcpu[b + WORK_COUNT]; i++) {
    f(work[cpu * WORK_MAX + ((pcpu[b + WORK_HEAD] + i) % WORK_MAX)]);
  }
}

/** Move the items of a CPU that went down to another: they run there now. */
export function adoptWork(from: number, to: number): void {
  for (let a = dequeue(from); a !== 0; a = dequeue(from)) enqueueWork(to, a);
}
