/**
 * What puts accesses in order besides the cells themselves: interrupts, grace periods, the start and
 * end of CPUs, the hand-over of what operations make.
 *
 * Interrupts of one CPU: a region with interrupts off and a handler exclude each other, as if both
 * held a lock of the CPU. Turning interrupts on publishes, a handler knows what was published; its
 * end publishes, turning interrupts off knows that. What a task does with interrupts on is not
 * ordered with the handler that interrupts it; a handler that comes between two operations
 * interrupts nothing, and is ordered with both. Softirqs alone are excluded by local_bh_disable() in
 * the same way. Nothing excludes an NMI.
 *
 * Grace periods: what was done before call_rcu(), and what readers did that the grace period waited
 * for, comes before the callback. What was done before call_rcu() also comes before whatever a
 * reader does once the grace period is over, if it outlives it or begins later.
 *
 * Names of programs: what an operation made is handed to those that use it, as user space hands a
 * file descriptor over, and an operation that uses it up comes when the others are done with it.
 *
 * @module
 */
import * as clockRegisters from "../layout/clock_registers.ts";
import * as clockWords from "../layout/clock_words.ts";
import * as contextWords from "../layout/contexts.ts";
import * as cpuWords from "../layout/cpus.ts";
import * as operationWords from "../layout/operations.ts";
import * as percpu from "../layout/percpu.ts";
import * as readerWords from "../layout/readers.ts";
import * as registers from "../layout/registers.ts";
import * as sizes from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import { become, cpuRow, endedRow, join, newRow, reserve, rowOf, tick } from "./clock.ts";

const { clocks, ctl, pcpu } = views();
const { own, ATOMIC, LOADED_CELL, ME, MUTED, NTHREADS, ROW, RUNNING } = clockRegisters;
const {
  CALLBACK_CLOCKS,
  CALLBACK_CLOCK_WORDS,
  ENDED,
  EXITS,
  GENERATION,
  IRQS_ON,
  IRQ_ENDED,
  KNOWS_ENDED,
  KNOWS_EXITS,
  SLOT_CLOCKS,
  SLOT_CLOCK_WORDS,
  SOFTIRQS_ON,
  SOFTIRQ_ENDED,
  WIDTH,
} = clockWords;
const { CONTEXT, NMI, SOFTIRQ } = contextWords;
const { NCPUS } = cpuWords;
const { IN_WORKER, OP } = operationWords;
const { PCPU_WORDS } = percpu;
const { READERS } = readerWords;
const { regs, BLOCK, CPU } = registers;
const { RCU_CALLBACKS } = sizes;

/** Interrupts of this CPU go off: its handlers have come to an end. */
export function orderIrqsOff(): void {
  if (own[RUNNING] === 0) return;
  const k = KNOWS_EXITS + own[ME];
  const exits = clocks[EXITS + regs[CPU]];
  if (clocks[k] === exits) return;
  clocks[k] = exits;
  join(own[ROW], cpuRow(IRQ_ENDED));
  join(own[ROW], cpuRow(SOFTIRQ_ENDED));
}

/** They go on again. */
export function orderIrqsOn(): void {
  publish(IRQS_ON);
}

/** Softirqs of this CPU go off: none is running. */
export function orderSoftirqsOff(): void {
  if (own[RUNNING] !== 0) join(own[ROW], cpuRow(SOFTIRQ_ENDED));
}

/** They go on again. */
export function orderSoftirqsOn(): void {
  publish(SOFTIRQS_ON);
}

function publish(which: number): void {
  if (own[RUNNING] === 0) return;
  join(cpuRow(which), own[ROW]);
  tick();
}

/** Whether what is interrupted is nothing: no operation, no kworker, no handler. */
function interruptsNothing(): boolean {
  const b = regs[BLOCK];
  return pcpu[b + CONTEXT] === 0 && pcpu[b + OP] === -1 && pcpu[b + IN_WORKER] === 0;
}

/** What is kept of who is interrupted, in one word: that it was nothing, the thread, its nestings. */
const OF_NOTHING = 1;
const THREAD_SHIFT = 1;
const MUTED_SHIFT = 16;
const ATOMIC_SHIFT = 20;

function packInterrupted(thread: number, nothing: boolean): number {
  return (nothing ? OF_NOTHING : 0) | (thread << THREAD_SHIFT) | (own[MUTED] << MUTED_SHIFT) |
    (own[ATOMIC] << ATOMIC_SHIFT);
}

/** Go on as who was interrupted. */
function resume(was: number): void {
  become((was & ((1 << MUTED_SHIFT) - 1)) >> THREAD_SHIFT);
  own[MUTED] = (was >> MUTED_SHIFT) & ((1 << (ATOMIC_SHIFT - MUTED_SHIFT)) - 1);
  own[ATOMIC] = was >> ATOMIC_SHIFT;
}

/**
 * A handler of context `c` begins; call it before the context changes. Returns what
 * {@linkcode leaveHandler} wants: the thread that is interrupted, and whether it is in anything.
 */
export function enterHandler(c: number): number {
  if (own[RUNNING] === 0) return 0;
  const from = own[ME];
  const cpu = regs[CPU];
  const nothing = interruptsNothing();
  const was = packInterrupted(from, nothing);
  own[MUTED] = 0;
  own[ATOMIC] = 0;
  own[LOADED_CELL] = 0;
  if (nothing) orderIrqsOn();
  become(c * ctl[NCPUS] + cpu);
  if (nothing || c !== NMI) join(own[ROW], cpuRow(IRQS_ON));
  if (c === SOFTIRQ) join(own[ROW], cpuRow(SOFTIRQS_ON));
  if (c !== NMI) orderIrqsOff();
  orderReader();
  return was;
}

/** It is over; `was` is what its beginning returned. */
export function leaveHandler(was: number): void {
  if (own[RUNNING] === 0) return;
  const cpu = regs[CPU];
  const context = own[ME] / ctl[NCPUS] | 0;
  if (context !== NMI) {
    join(cpuRow(context === SOFTIRQ ? SOFTIRQ_ENDED : IRQ_ENDED), own[ROW]);
    clocks[EXITS + cpu]++;
  }
  const handler = own[ROW];
  tick();
  resume(was);
  own[LOADED_CELL] = 0;
  if ((was & OF_NOTHING) !== 0) join(own[ROW], handler);
}

/**
 * A kworker preempts the task of this CPU. To KCSAN the two are one thread, but what the task has
 * muted is not muted in the kworker. Returns what {@linkcode leaveKworker} wants.
 */
export function enterKworker(): number {
  if (own[RUNNING] === 0) return 0;
  const was = packInterrupted(own[ME], false);
  own[MUTED] = 0;
  own[ATOMIC] = 0;
  own[LOADED_CELL] = 0;
  orderReader();
  return was;
}

/** The task goes on. */
export function leaveKworker(was: number): void {
  if (own[RUNNING] === 0) return;
  resume(was);
  own[LOADED_CELL] = 0;
}

/** The outermost reader of this CPU begins. */
export function orderReader(): void {
  if (own[RUNNING] === 0) return;
  const k = KNOWS_ENDED + own[ME];
  if (clocks[k] === clocks[ENDED]) return;
  clocks[k] = clocks[ENDED];
  join(own[ROW], endedRow());
}

/** Callback `i` is queued: one clock of what came before, one that readers add to. */
export function orderQueued(i: number): void {
  if (own[RUNNING] === 0) return;
  const at = CALLBACK_CLOCKS + CALLBACK_CLOCK_WORDS * (i % RCU_CALLBACKS);
  const width = clocks[WIDTH];
  const before = reserve(2 * width);
  for (let i = 0; i < width; i++) {
    clocks[before + i] = clocks[own[ROW] + i];
    clocks[before + width + i] = clocks[own[ROW] + i];
  }
  tick();
  clocks[at] = clocks[GENERATION];
  clocks[at + 1] = before;
}

/** Where the clocks of callback `i` are, or 0 if it was queued before the schedule began. */
function callbackRow(i: number): number {
  const at = CALLBACK_CLOCKS + CALLBACK_CLOCK_WORDS * (i % RCU_CALLBACKS);
  return clocks[at] === clocks[GENERATION] ? clocks[at + 1] : 0;
}

/** The outermost reader of this CPU, for which callback `i` waits, ends. */
export function orderReaderEnd(i: number): void {
  if (own[RUNNING] === 0) return;
  const before = callbackRow(i);
  if (before === 0) return;
  // Handlers that interrupted the reader were part of it.
  const done = before + clocks[WIDTH];
  for (let t = regs[CPU]; t < own[NTHREADS]; t += ctl[NCPUS]) join(done, rowOf(t));
  tick();
}

/** The grace period of callback `i` is over, and this thread acts on it. */
export function orderCallback(i: number): void {
  if (own[RUNNING] === 0) return;
  const before = callbackRow(i);
  if (before === 0) return;
  join(own[ROW], before + clocks[WIDTH]);
  join(endedRow(), before);
  clocks[ENDED]++;
  const cpus = ctl[NCPUS];
  for (let c = 0; c < cpus; c++) {
    const b = c * PCPU_WORDS;
    if (pcpu[b + READERS] === 0) continue;
    for (let context = 0; context <= pcpu[b + CONTEXT]; context++) {
      join(rowOf(context * cpus + c), before);
    }
  }
}

/** The task of CPU `cpu` begins, or comes back, by this thread's doing. */
export function orderStart(cpu: number): void {
  if (own[RUNNING] === 0) return;
  join(rowOf(cpu), own[ROW]);
  tick();
}

/** All that CPU `cpu` did is over. */
export function orderEnd(cpu: number): void {
  if (own[RUNNING] === 0) return;
  for (let t = cpu; t < own[NTHREADS]; t += ctl[NCPUS]) join(own[ROW], rowOf(t));
}

/** stop_machine(): all CPUs were in step. */
export function orderStop(): void {
  if (own[RUNNING] === 0) return;
  for (let c = 0; c < ctl[NCPUS]; c++) orderEnd(c);
  for (let t = 0; t < own[NTHREADS]; t++) {
    const row = rowOf(t);
    join(row, own[ROW]);
    clocks[row + 2 * t]++;
    clocks[row + 2 * t + 1]++;
  }
}

const FILLED = 1;
const USED = 2;

/** Where the clock of a slot is, or 0. */
function slotRow(slot: number, which: number): number {
  const at = SLOT_CLOCKS + SLOT_CLOCK_WORDS * slot;
  return clocks[at] === clocks[GENERATION] ? clocks[at + which] : 0;
}

/** Leave what this thread knows at a slot. */
function leave(slot: number, which: number): void {
  if (own[RUNNING] === 0) return;
  const at = SLOT_CLOCKS + SLOT_CLOCK_WORDS * slot;
  if (clocks[at] !== clocks[GENERATION]) {
    clocks[at] = clocks[GENERATION];
    clocks[at + FILLED] = 0;
    clocks[at + USED] = 0;
  }
  if (clocks[at + which] === 0) clocks[at + which] = newRow();
  join(clocks[at + which], own[ROW]);
  tick();
}

/** An operation has filled a slot: user space hands the result to whoever uses it. */
export function orderFilled(slot: number): void {
  leave(slot, FILLED);
}

/** An operation that used a slot is over. */
export function orderUsed(slot: number): void {
  leave(slot, USED);
}

/** An operation uses what is in a slot; one that uses it up comes after all who used it. */
export function orderUse(slot: number, up: boolean): void {
  if (own[RUNNING] === 0) return;
  const filled = slotRow(slot, FILLED);
  if (filled !== 0) join(own[ROW], filled);
  const used = up ? slotRow(slot, USED) : 0;
  if (used !== 0) join(own[ROW], used);
}
