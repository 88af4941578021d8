/**
 * Vector clocks: what each thread knows of the others.
 *
 * A thread is a context of a CPU: its task and kworker are one, its softirq, hardirq and NMI
 * handlers others. A clock has two components per thread, one for its writes and one for its reads,
 * since smp_wmb() publishes only the former and smp_rmb() only the latter. An access that another
 * thread did at time c came before what happens here if this thread's clock says c or more.
 *
 * Each thread has three clocks: what it knows; what its last release fence publishes with every
 * later marked store; and what its marked loads have seen, which an acquire fence makes knowledge
 * (fences of C11, N1570 7.17.4). Whatever synchronises through a cell, a lock, a marked access, a
 * work item, leaves a clock at that cell.
 *
 * Only the part of an execution that the schedule decides is looked at: what boot operations did
 * comes before everything, so clocks start afresh after them. Nothing is cleared per cell: an entry
 * of an earlier execution has another generation.
 *
 * @module
 */
import * as clockRegisters from "../layout/clock_registers.ts";
import * as clockWords from "../layout/clock_words.ts";
import * as cpuWords from "../layout/cpus.ts";
import * as registers from "../layout/registers.ts";
import * as sizes from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import * as layout from "../../prog/layout.ts";
import { oops, OOPS_CAPACITY } from "../findings/oops.ts";

const { cellClocks, clocks, ctl, prog, KCSAN } = views();
const { own, ATOMIC, LOADED_CELL, ME, MUTED, N, NTHREADS, ROW, RUNNING } = clockRegisters;
const {
  BREAK,
  ENDED,
  FENCED,
  GENERATION,
  HISTORY,
  LEFT,
  LEFT_BY_READERS,
  NRACES,
  PER_ADDRESS,
  PER_CPU,
  RACES,
  ROWS,
  SEEN,
  THREADS,
  WIDTH,
} = clockWords;
const { NCPUS } = cpuWords;
const { regs, CPU } = registers;
const { CLOCK_WORDS } = sizes;
const { OP_CONTEXT, OP_WORDS, P_NOPS, P_OPS } = layout;

/** Reserve `n` words until the end of the execution. */
export function reserve(n: number): number {
  const at = clocks[BREAK];
  if (at + n > CLOCK_WORDS) oops(OOPS_CAPACITY, 0, 0, "more clocks than KCSAN has room for");
  clocks[BREAK] = at + n;
  return at;
}

/** Where the entry of a cell is, made anew if it is of an earlier execution. */
export function entryOf(a: number): number {
  const e = PER_ADDRESS * a;
  if (cellClocks[e] !== clocks[GENERATION]) {
    cellClocks[e] = clocks[GENERATION];
    cellClocks[e + HISTORY] = 0;
    cellClocks[e + LEFT] = 0;
    cellClocks[e + LEFT_BY_READERS] = 0;
  }
  return e;
}

/** The clock of thread `t`. */
export function rowOf(t: number): number {
  return ROWS + t * clocks[WIDTH];
}

/** Clocks per thread: what it knows, what its last release fence publishes, what it has seen. */
const PER_THREAD = 3;

function fenceRow(): number {
  return ROWS + (own[NTHREADS] + own[ME]) * own[N];
}

function seenRow(): number {
  return ROWS + (2 * own[NTHREADS] + own[ME]) * own[N];
}

export function cpuRow(which: number): number {
  return ROWS + (PER_THREAD * own[NTHREADS] + PER_CPU * regs[CPU] + which) * own[N];
}

/** What ended grace periods publish. */
export function endedRow(): number {
  return ROWS + (PER_THREAD * own[NTHREADS] + PER_CPU * ctl[NCPUS]) * own[N];
}

/** Start the clocks: boot operations are over, and CPUs are about to begin. */
export function startClocks(): void {
  if (!KCSAN) return;
  let top = 1; // softirqs run callbacks in every program
  for (let i = 0; i < prog[P_NOPS]; i++) {
    top = Math.max(top, prog[P_OPS + i * OP_WORDS + OP_CONTEXT]);
  }
  const threads = (top + 1) * ctl[NCPUS];
  const width = 2 * threads;
  const end = ROWS + (PER_THREAD * threads + PER_CPU * ctl[NCPUS] + 1) * width;
  clocks[GENERATION]++;
  clocks[THREADS] = threads;
  clocks[WIDTH] = width;
  clocks[BREAK] = end;
  clocks[ENDED] = 0;
  clocks[NRACES] = 0;
  clocks.fill(0, FENCED, RACES);
  clocks.fill(0, ROWS, end);
  for (let t = 0; t < threads; t++) {
    clocks[rowOf(t) + 2 * t] = 1;
    clocks[rowOf(t) + 2 * t + 1] = 1;
  }
}

/** Races noted in this execution. */
export function racesNoted(): number {
  return KCSAN ? clocks[NRACES] : 0;
}

/** This Worker begins (true) or ends a turn under the schedule. */
export function turn(on: boolean): void {
  own[RUNNING] = on ? 1 : 0;
  own[MUTED] = 0;
  own[ATOMIC] = 0;
  own[LOADED_CELL] = 0;
  own[NTHREADS] = clocks[THREADS];
  own[N] = clocks[WIDTH];
  become(regs[CPU]);
}

/** What this thread does now is none of KCSAN's business, until it is. */
export function mute(on: boolean): void {
  own[MUTED] += on ? 1 : -1;
}

/** What this thread does now counts as marked. */
export function atomicRegion(on: boolean): void {
  own[ATOMIC] += on ? 1 : -1;
}

/** Go on as thread `t`. */
export function become(t: number): void {
  own[ME] = t;
  own[ROW] = ROWS + t * own[N];
}

/** Learn what is in another clock. */
export function join(to: number, from: number): void {
  const n = own[N];
  for (let i = 0; i < n; i++) {
    const c = clocks[from + i];
    if (c > clocks[to + i]) clocks[to + i] = c;
  }
}

function copy(to: number, from: number): void {
  const n = own[N];
  for (let i = 0; i < n; i++) clocks[to + i] = clocks[from + i];
}

/** Know nothing. A loop: clocks are short, and a built-in call is not. */
function clear(row: number): void {
  const n = own[N];
  for (let i = 0; i < n; i++) clocks[row + i] = 0;
}

/** A clock of its own for something that lives until the end of the execution, all zero. */
export function newRow(): number {
  const at = reserve(own[N]);
  clear(at);
  return at;
}

/** What comes now is later than what was just published. */
export function tick(): void {
  const i = own[ROW] + 2 * own[ME];
  clocks[i]++;
  clocks[i + 1]++;
}

/** The time of an access of this thread. */
export function now(): number {
  return clocks[own[ROW] + 2 * own[ME]];
}

/** The clock left at a cell, made if it is not there. */
function leftAt(a: number, which: number): number {
  const e = entryOf(a) + which;
  if (cellClocks[e] === 0) cellClocks[e] = newRow();
  return cellClocks[e];
}

/** Know what was left at the cell `a`. */
export function acquire(a: number, which = LEFT): void {
  if (own[RUNNING] === 0) return;
  const left = cellClocks[entryOf(a) + which];
  if (left !== 0) join(own[ROW], left);
}

/** Leave what this thread knows at the cell `a`, besides what is there: locks, queues. */
export function release(a: number, which = LEFT): void {
  if (own[RUNNING] === 0) return;
  join(leftAt(a, which), own[ROW]);
  tick();
}

/** A store that releases: what earlier stores left is gone. */
export function releaseStore(a: number): void {
  if (own[RUNNING] === 0) return;
  copy(leftAt(a, LEFT), own[ROW]);
  tick();
}

/** A marked store without order: it publishes what the last release fence covers. */
export function relaxedStore(a: number): void {
  if (own[RUNNING] === 0) return;
  const e = entryOf(a) + LEFT;
  if (clocks[FENCED + own[ME]] !== 0) copy(leftAt(a, LEFT), fenceRow());
  else if (cellClocks[e] !== 0) clear(cellClocks[e]);
}

/** A marked load without order: a later acquire fence makes knowledge of what it saw. */
export function relaxedLoad(a: number): void {
  if (own[RUNNING] === 0) return;
  const left = cellClocks[entryOf(a) + LEFT];
  if (left === 0) return;
  join(seenRow(), left);
  clocks[SEEN + own[ME]] = 1;
}

/** An atomic operation without order: it goes on with what earlier ones left. */
export function relaxedRmw(a: number): void {
  if (own[RUNNING] === 0) return;
  relaxedLoad(a);
  if (clocks[FENCED + own[ME]] !== 0) join(leftAt(a, LEFT), fenceRow());
}

/** Before a fully ordered atomic operation. */
export function fullBefore(a: number): void {
  if (own[RUNNING] === 0) return;
  acquire(a);
  fenceAcquire();
}

/** After it: what it publishes includes itself. */
export function fullAfter(a: number): void {
  if (own[RUNNING] === 0) return;
  join(leftAt(a, LEFT), own[ROW]);
  fenceRelease();
}

function fenceAcquire(): void {
  if (clocks[SEEN + own[ME]] === 0) return;
  join(own[ROW], seenRow());
}

function fenceRelease(): void {
  copy(fenceRow(), own[ROW]);
  clocks[FENCED + own[ME]] = 1;
  tick();
}

/** smp_mb() */
export function fence(): void {
  if (own[RUNNING] === 0) return;
  fenceAcquire();
  fenceRelease();
}

/** smp_wmb(): of this thread's accesses it publishes the writes, and it is not cumulative. */
export function fenceWrites(): void {
  if (own[RUNNING] === 0) return;
  const i = 2 * own[ME];
  clocks[fenceRow() + i] = clocks[own[ROW] + i];
  clocks[FENCED + own[ME]] = 1;
  tick();
}

/** smp_rmb() */
export function fenceReads(): void {
  if (own[RUNNING] === 0) return;
  fenceAcquire();
  const i = 2 * own[ME] + 1;
  clocks[fenceRow() + i] = clocks[own[ROW] + i];
  clocks[FENCED + own[ME]] = 1;
  tick();
}
