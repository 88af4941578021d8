/**
 * What a CPU does in task context: an operation from entry to return, and deferred work after it.
 *
 * @module
 */
import * as callbackWords from "../layout/callbacks.ts";
import * as cpuWords from "../layout/cpus.ts";
import * as heldWords from "../layout/held.ts";
import * as operationWords from "../layout/operations.ts";
import * as readerWords from "../layout/readers.ts";
import * as scheduleWords from "../layout/schedule.ts";
import * as registers from "../layout/registers.ts";
import { views } from "../words/arena.ts";
import { emptyStack } from "../words/cpu_state.ts";
import { judgeStep } from "../hooks/every_step.ts";
import { noteBeginning } from "../memory/note_meetings.ts";
import { enterReader, leaveReader } from "./grace.ts";
import { runCallbacks } from "./interrupt.ts";
import { operationBody } from "./operation.ts";
import { runOneWork } from "./work.ts";

const { ctl, pcpu, FREE } = views();
const { RCU_HEAD, RCU_TAIL } = callbackWords;
const { PREEMPT, PREEMPT_NONE } = cpuWords;
const { HELD } = heldWords;
const { OP, WORK_COUNT } = operationWords;
const { READERS } = readerWords;
const { EVERY_STEP } = scheduleWords;
const { regs, BLOCK } = registers;

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
  if (ctl[EVERY_STEP] !== 0) judgeStep();
  pcpu[b + OP] = -1;
}

/** A work item has ended; `readers` tells how many readers there were before it. */
export function judgeWork(readers: number): void {
  const b = regs[BLOCK];
  if (pcpu[b + READERS] !== readers || pcpu[b + HELD] !== 0) imbalance();
  if (ctl[EVERY_STEP] !== 0) judgeStep();
}

/** Callbacks and work items, until this CPU has none that could run. */
export function deferredWork(): void {
  const b = regs[BLOCK];
  // Mostly there is none.
  if (!FREE && pcpu[b + WORK_COUNT] === 0 && ctl[RCU_HEAD] === ctl[RCU_TAIL]) return;
  for (;;) {
    const callbacks = runCallbacks();
    const work = runOneWork();
    if (work) judgeWork(0);
    if (!callbacks && !work) return;
  }
}
