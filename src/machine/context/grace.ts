/**
 * Grace periods, by RCU's contract.
 *
 * A callback waits for the readers that were there when it was queued, and for no later one. Each
 * CPU counts the outermost readers it has left; a callback remembers, for every CPU that was inside
 * one, that count, and is ready when all of them have moved on. What counts as a reader is decided
 * by who raises READERS: read-side sections, interrupts or preemption off, handlers, and with
 * `--preempt none` the whole operation.
 *
 * @module
 */
import * as callbackWords from "../layout/callbacks.ts";
import * as cpuWords from "../layout/cpus.ts";
import * as percpu from "../layout/percpu.ts";
import * as readerWords from "../layout/readers.ts";
import * as registers from "../layout/registers.ts";
import * as sizes from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import { orderCallback, orderQueued, orderReader, orderReaderEnd } from "../clocks/clock_order.ts";
import { machineLock, machineUnlock } from "../words/machine_lock.ts";
import { oops, OOPS_CAPACITY } from "../findings/oops.ts";
import { refuseWide } from "./wide.ts";

const { ctl, pcpu, rcu, FREE, KCSAN } = views();
const { RCU_HEAD, RCU_TAIL } = callbackWords;
const { NCPUS } = cpuWords;
const { PCPU_WORDS } = percpu;
const { CALLBACKS, READERS, READ_SEQ } = readerWords;
const { regs, BLOCK, CPU } = registers;
const { NR_CPUS, RCU_CALLBACKS, RCU_WORDS } = sizes;

const FN = 0;
const ARG = 1;
const OWNER = 2;
const MASK = 3;
const SNAP = 4;
/** Owner of a record that has run or is not in use. */
const DONE = -1;

function at(i: number): number {
  return (i % RCU_CALLBACKS) * RCU_WORDS;
}

/** An execution begins: no callback waits. */
export function resetCallbacks(): void {
  ctl[RCU_HEAD] = 0;
  ctl[RCU_TAIL] = 0;
}

/** Whether any callback waits, or may. */
export function callbacksQueued(): boolean {
  return ctl[RCU_HEAD] !== ctl[RCU_TAIL];
}

/** Enter something that grace periods must wait for. */
export function enterReader(): void {
  const i = regs[BLOCK] + READERS;
  if (FREE) Atomics.add(pcpu, i, 1); // before any load of the section, also for other CPUs
  else pcpu[i] = pcpu[i] + 1;
  if (KCSAN && pcpu[i] === 1) orderReader();
}

/** Leave it; the outermost one ends the reader. */
export function leaveReader(): void {
  const b = regs[BLOCK];
  const n = pcpu[b + READERS] - 1;
  if (n === 0) {
    if (KCSAN && ctl[RCU_HEAD] !== ctl[RCU_TAIL]) orderWaiting();
    pcpu[b + READ_SEQ]++;
  }
  if (FREE) Atomics.store(pcpu, b + READERS, n);
  else pcpu[b + READERS] = n;
}

/** The callbacks that wait for the reader which this CPU is about to end come after it. */
function orderWaiting(): void {
  const cpu = regs[CPU];
  const seq = pcpu[regs[BLOCK] + READ_SEQ];
  for (let i = ctl[RCU_HEAD]; i < ctl[RCU_TAIL]; i++) {
    const r = at(i);
    if (rcu[r + OWNER] === DONE || ((rcu[r + MASK] >>> cpu) & 1) === 0) continue;
    if (rcu[r + SNAP + cpu] === seq) orderReaderEnd(i);
  }
}

/** Readers that the CPU of block `b` is in. */
function readers(b: number): number {
  return FREE ? Atomics.load(pcpu, b + READERS) : pcpu[b + READERS];
}

/** Queue function `fn` to be called with `arg` after a grace period; returns the record's number. */
export function queueCallback(fn: number, arg: number): number {
  if (!FREE) return append(fn, arg);
  machineLock();
  try {
    return append(fn, arg);
  } finally {
    machineUnlock();
  }
}

function append(fn: number, arg: number): number {
  refuseWide("grace periods pass");
  const tail = ctl[RCU_TAIL];
  if (tail - ctl[RCU_HEAD] >= RCU_CALLBACKS) {
    oops(OOPS_CAPACITY, 0, 0, `more than ${RCU_CALLBACKS} callbacks wait for a grace period`);
  }
  const r = at(tail);
  rcu[r + FN] = fn;
  rcu[r + ARG] = arg;
  rcu[r + OWNER] = regs[CPU];
  let mask = 0;
  for (let c = 0; c < ctl[NCPUS]; c++) {
    const b = c * PCPU_WORDS;
    if (readers(b) > 0) {
      mask |= 1 << c;
      rcu[r + SNAP + c] = pcpu[b + READ_SEQ];
    }
  }
  rcu[r + MASK] = mask;
  ctl[RCU_TAIL] = tail + 1;
  if (KCSAN) orderQueued(tail);
  pcpu[regs[BLOCK] + CALLBACKS]++;
  return tail;
}

/** Whether a record is that of a timer: its function's number is stored with all bits turned round. */
function isTimer(r: number): boolean {
  return rcu[r + FN] < 0;
}

/**
 * Queue function `fn` to be called with `arg` as a timer that expires: like a callback that waits for
 * no reader, on this CPU and after what is queued there.
 */
export function queueTimer(fn: number, arg: number): void {
  rcu[at(queueCallback(~fn, arg)) + MASK] = 0;
}

/** A timer at `from` or after it, before `to`, that is queued and has not expired; 0 if none. */
export function queuedTimer(from: number, to: number): number {
  for (let i = ctl[RCU_HEAD]; i < ctl[RCU_TAIL]; i++) {
    const r = at(i);
    if (rcu[r + OWNER] === DONE || !isTimer(r)) continue;
    if (rcu[r + ARG] >= from && rcu[r + ARG] < to) return rcu[r + ARG];
  }
  return 0;
}

/** Take a timer out that was queued with `arg`; false if it is not queued. */
export function cancelTimer(arg: number): boolean {
  for (let i = ctl[RCU_HEAD]; i < ctl[RCU_TAIL]; i++) {
    const r = at(i);
    if (rcu[r + OWNER] === DONE || !isTimer(r) || rcu[r + ARG] !== arg) continue;
    takeCallback(i);
    return true;
  }
  return false;
}

/** Whether all readers that record `i` waits for have ended. */
export function callbackReady(i: number): boolean {
  const r = at(i);
  let mask = rcu[r + MASK];
  if (mask === 0) return true;
  for (let c = 0; c < NR_CPUS && mask >>> c !== 0; c++) {
    if (((mask >>> c) & 1) === 0) continue;
    const b = c * PCPU_WORDS;
    if (
      pcpu[b + READ_SEQ] !== rcu[r + SNAP + c] || readers(b) === 0
    ) mask &= ~(1 << c);
  }
  rcu[r + MASK] = mask;
  return mask === 0;
}

/** CPUs whose readers record `i` still waits for, a bit each. */
export function waitedFor(i: number): number {
  callbackReady(i);
  return rcu[at(i) + MASK];
}

/** The oldest callback of `cpu` if its grace period is over, else -1: they run in order. */
export function firstReady(cpu: number): number {
  if (!FREE) return first(cpu);
  machineLock();
  const i = first(cpu);
  machineUnlock();
  return i;
}

function first(cpu: number): number {
  for (let i = ctl[RCU_HEAD]; i < ctl[RCU_TAIL]; i++) {
    if (rcu[at(i) + OWNER] === cpu) return callbackReady(i) ? i : -1;
  }
  return -1;
}

/** Whether any CPU's oldest callback is ready. */
export function anyReady(): boolean {
  for (let c = 0; c < ctl[NCPUS]; c++) {
    if (pcpu[c * PCPU_WORDS + CALLBACKS] > 0 && firstReady(c) >= 0) return true;
  }
  return false;
}

/** Take a callback out of the ring, to act on it here; its function and argument stay readable until the next queueing. */
export function takeCallback(i: number): void {
  if (!FREE) return take(i);
  machineLock();
  take(i);
  machineUnlock();
}

function take(i: number): void {
  if (KCSAN) orderCallback(i);
  const r = at(i);
  pcpu[rcu[r + OWNER] * PCPU_WORDS + CALLBACKS]--;
  rcu[r + OWNER] = DONE;
  while (ctl[RCU_HEAD] < ctl[RCU_TAIL] && rcu[at(ctl[RCU_HEAD]) + OWNER] === DONE) {
    ctl[RCU_HEAD]++;
  }
}

export function callbackFn(i: number): number {
  const fn = rcu[at(i) + FN];
  return fn < 0 ? ~fn : fn;
}

export function callbackArg(i: number): number {
  return rcu[at(i) + ARG];
}

/** Give all callbacks of a CPU that went down to another. */
export function adoptCallbacks(from: number, to: number): void {
  for (let i = ctl[RCU_HEAD]; i < ctl[RCU_TAIL]; i++) {
    if (rcu[at(i) + OWNER] === from) {
      rcu[at(i) + OWNER] = to;
      pcpu[from * PCPU_WORDS + CALLBACKS]--;
      pcpu[to * PCPU_WORDS + CALLBACKS]++;
    }
  }
}

/** A head at `from` or after it, before `to`, that is queued and has not been called; 0 if none. */
export function queuedHead(from: number, to: number): number {
  for (let i = ctl[RCU_HEAD]; i < ctl[RCU_TAIL]; i++) {
    const r = at(i);
    // The owner is written last and forgotten first: with one, the argument is the record's own.
    if (rcu[r + OWNER] === DONE || isTimer(r)) continue;
    if (rcu[r + ARG] >= from && rcu[r + ARG] < to) return rcu[r + ARG];
  }
  return 0;
}

/** Call `f` with the address that each waiting callback was queued with. */
export function forEachCallback(f: (arg: number) => void): void {
  for (let i = ctl[RCU_HEAD]; i < ctl[RCU_TAIL]; i++) {
    if (rcu[at(i) + OWNER] !== DONE) f(rcu[at(i) + ARG]);
  }
}

/** Callbacks that have not run. */
export function callbacksPending(): number {
  let n = 0;
  for (let i = ctl[RCU_HEAD]; i < ctl[RCU_TAIL]; i++) if (rcu[at(i) + OWNER] !== DONE) n++;
  return n;
}
