/**
 * The history of cells: who read and wrote each one last, and whether the next access is ordered
 * after that.
 *
 * Where FastTrack (Flanagan, Freund, PLDI 2009) keeps one last write, because plain writes are
 * ordered or a race was reported, marked accesses may be concurrent by right: so each thread has its
 * last read and write of both kinds. That is compact because threads are few, and mostly not looked
 * at: a cell that only one thread uses, and an access in the same stretch of time as the one before
 * it, are over after a comparison.
 *
 * Two accesses that are not ordered, of which one writes and one is not marked, are handed to the
 * sanitizer. If it takes them for a race, the pair counts as ordered from then on: what follows from
 * one missing edge is one finding.
 *
 * @module
 */
import * as accesses from "../layout/accesses.ts";
import * as clockRegisters from "../layout/clock_registers.ts";
import * as clockWords from "../layout/clock_words.ts";
import * as metaLayout from "../layout/meta.ts";
import * as operationWords from "../layout/operations.ts";
import * as registers from "../layout/registers.ts";
import { views } from "../words/arena.ts";
import { actorCpu } from "../layout/actors.ts";
import { lastSite, lastWriter } from "../layout/meta.ts";
import { entryOf } from "./clock.ts";
import { join, reserve, rowOf } from "./clock.ts";
import { pointers } from "../words/pointers.ts";
import { guilty } from "../calls/guilty.ts";

const { cellClocks, clocks, mem, pcpu } = views();
const {
  packWhat,
  ACCESS_WORDS,
  ASSERT,
  A_NEW,
  A_OLD,
  A_TIME,
  A_TRACED,
  A_WHAT,
  CHANGED,
  CLAIM,
  COMPOUND,
  MARKED,
  MARKED_READ,
  MARKED_WRITE,
  MASKS,
  NESTED,
  NO_PRIM,
  OPEN,
  READ,
  SCOPED,
  THREAD_WORDS,
  WIDE,
  WRITE,
  WRITES,
} = accesses;
const { own, ATOMIC, LOADED_CELL, LOADED_SITE, ME, MUTED, NTHREADS, ROW, RUNNING } = clockRegisters;
const { HISTORY } = clockWords;
const { META } = metaLayout;
const { LAST_TRACED } = operationWords;
const { regs, BLOCK, CPU, SITE } = registers;

/** The access that is being made, in the form of a remembered one. */
export const current = new Int32Array(ACCESS_WORDS);

/** Whether an access that thread `u` made and left at `then` races with the current one. */
export type Judge = (a: number, u: number, then: number) => boolean;

let judge: Judge = () => false;

/** The sanitizer that decides which pairs count. */
export function onConflict(f: Judge): void {
  judge = f;
}

function describe(prim: number, flags: number, old: number, now: number): void {
  current[A_TIME] = clocks[own[ROW] + 2 * own[ME]];
  current[A_WHAT] = packWhat(guilty(), prim, flags);
  current[A_TRACED] = pcpu[regs[BLOCK] + LAST_TRACED];
  current[A_OLD] = old;
  current[A_NEW] = now;
}

/** A history begins with a set of threads, this many to a word. */
const MASK_BITS = 32;

/** The word of the set that has thread `t`, and its bit there. */
function maskOf(t: number): number {
  return (t / MASK_BITS) | 0;
}

function bitOf(t: number): number {
  return 1 << (t % MASK_BITS);
}

/** The history of the cell `a`, with room for this thread; {@linkcode mine} is where that is. */
function historyOf(a: number): number {
  const e = entryOf(a) + HISTORY;
  let h = cellClocks[e];
  if (h === 0) {
    h = reserve(MASKS + own[NTHREADS] * THREAD_WORDS);
    for (let i = 0; i < MASKS; i++) clocks[h + i] = 0;
    cellClocks[e] = h;
  }
  const word = h + maskOf(own[ME]);
  const bit = bitOf(own[ME]);
  if ((clocks[word] & bit) === 0) {
    clocks[word] |= bit;
    // Of an access that has no time nothing else is looked at.
    const m = mine(h);
    for (let i = 0; i < THREAD_WORDS; i += ACCESS_WORDS) clocks[m + i + A_TIME] = 0;
  }
  return h;
}

function mine(h: number): number {
  return h + MASKS + own[ME] * THREAD_WORDS;
}

/** Whether this thread knows of an access that thread `u` left at `then`. */
function ordered(u: number, then: number): boolean {
  const time = clocks[then + A_TIME];
  if (time === 0) return true;
  const row = own[ROW] + 2 * u;
  const what = clocks[then + A_WHAT];
  // Where a store goes, the load it depends on has gone before: either fence publishes both.
  if ((what & COMPOUND) !== 0) return clocks[row] >= time || clocks[row + 1] >= time;
  return clocks[row + ((what & WRITES) !== 0 && (what & ASSERT) === 0 ? 0 : 1)] >= time;
}

/**
 * Compare with one access. After a race this thread knows of it. If the cell is a pointer, it knows
 * all that the other one knows by now: what the pointer leads to would be one race after the other.
 * (What the other knew at the time is not kept, so a second race between the two can go unseen in
 * this execution.)
 */
function against(a: number, u: number, then: number): void {
  if (ordered(u, then) || !judge(a, u, then)) return;
  const time = clocks[then + A_TIME];
  if (time === OPEN) return;
  const row = own[ROW] + 2 * u;
  const writes = Math.max(clocks[row], time);
  const reads = Math.max(clocks[row + 1], time);
  join(own[ROW], rowOf(u));
  if (pointers[a] !== 0) return;
  clocks[row] = writes;
  clocks[row + 1] = reads;
}

/** Compare the current access with those of the other threads. */
function compare(a: number, h: number): void {
  const me = own[ME];
  const writes = (current[A_WHAT] & WRITES) !== 0;
  const marked = (current[A_WHAT] & MARKED) !== 0;
  const claims = (current[A_WHAT] & ASSERT) !== 0;
  for (let w = 0; w < own[NTHREADS]; w += MASK_BITS) {
    let others = clocks[h + maskOf(w)];
    if (maskOf(w) === maskOf(me)) others &= ~bitOf(me);
    for (; others !== 0; others &= others - 1) {
      const u = w + MASK_BITS - 1 - Math.clz32(others & -others);
      const s = h + MASKS + u * THREAD_WORDS;
      against(a, u, s + WRITE);
      if (!marked) against(a, u, s + MARKED_WRITE);
      if (writes) {
        against(a, u, s + READ);
        if (!marked) against(a, u, s + MARKED_READ);
      }
      if (writes || claims || clocks[s + CLAIM] !== 0) against(a, u, s + CLAIM);
    }
  }
}

function remember(at: number): void {
  for (let i = 0; i < ACCESS_WORDS; i++) clocks[at + i] = current[i];
}

/** An access of this kind at the same time: whoever races with this one raced with that. */
function again(at: number, flags: number): boolean {
  return clocks[at + A_TIME] === clocks[own[ROW] + 2 * own[ME]] &&
    (clocks[at + A_WHAT] & flags) === flags;
}

/**
 * Whether another CPU wrote the cell last: then a load sees something else than the one before it,
 * and has to learn what the writer knew, even if the race between them was met at the store.
 */
function isNews(a: number): boolean {
  const meta = mem[a + META];
  return lastSite(meta) !== 0 && actorCpu(lastWriter(meta)) !== regs[CPU];
}

/** A plain load. */
export function plainRead(prim: number, a: number): void {
  if (own[RUNNING] === 0) return;
  own[LOADED_CELL] = a;
  own[LOADED_SITE] = regs[SITE];
  if (own[MUTED] !== 0) return;
  const h = historyOf(a);
  const at = mine(h) + (own[ATOMIC] === 0 ? READ : MARKED_READ);
  if (again(at, 0) && !isNews(a)) return;
  describe(prim, own[ATOMIC] === 0 ? 0 : MARKED | NESTED, 0, 0);
  compare(a, h);
  remember(at);
}

/** A plain store that makes the value `now` of `old`. */
export function plainWrite(prim: number, a: number, old: number, now: number): void {
  if (own[RUNNING] === 0 || own[MUTED] !== 0) return;
  const compound = own[LOADED_CELL] === a && own[LOADED_SITE] === regs[SITE] - 1 ? COMPOUND : 0;
  const nested = own[ATOMIC] === 0 ? 0 : MARKED | NESTED;
  const flags = WRITES | compound | nested | (old !== now ? CHANGED : 0);
  write(prim, a, flags, old, now);
}

function write(prim: number, a: number, flags: number, old: number, now: number): void {
  const h = historyOf(a);
  const at = mine(h) + ((flags & MARKED) !== 0 ? MARKED_WRITE : WRITE);
  if (again(at, flags)) return;
  describe(prim, flags, old, now);
  compare(a, h);
  remember(at);
}

/** A marked load. */
export function markedRead(prim: number, a: number): void {
  if (own[RUNNING] === 0 || own[MUTED] !== 0) return;
  const h = historyOf(a);
  if (again(mine(h) + MARKED_READ, 0)) return;
  describe(prim, MARKED, 0, 0);
  compare(a, h);
  remember(mine(h) + MARKED_READ);
}

/** A marked store. */
export function markedWrite(prim: number, a: number, old: number, now: number): void {
  if (own[RUNNING] === 0 || own[MUTED] !== 0) return;
  write(prim, a, WRITES | MARKED | (old !== now ? CHANGED : 0), old, now);
}

/** An atomic read and write. */
export function markedRmw(prim: number, a: number, old: number, now: number): void {
  if (own[RUNNING] === 0 || own[MUTED] !== 0) return;
  write(prim, a, WRITES | MARKED | COMPOUND | (old !== now ? CHANGED : 0), old, now);
}

/** A plain access that is part of one larger than a word. */
export function wideAccess(a: number, writes: boolean): void {
  if (own[RUNNING] === 0 || own[MUTED] !== 0) return;
  // Nobody can know the value of what is not stored yet: it counts as changed.
  const h = historyOf(a);
  const flags = WIDE | (writes ? WRITES | CHANGED : 0);
  describe(NO_PRIM, flags, 0, 0);
  compare(a, h);
  remember(mine(h) + (writes ? WRITE : READ));
}

/**
 * The claim that nobody else writes the cell `a`, or that nobody accesses it. If there is a mask,
 * only changes of its bits count.
 */
export function claim(
  a: number,
  access: boolean,
  mask: number,
  scoped = false,
): void {
  if (own[RUNNING] === 0 || own[MUTED] !== 0) return;
  const h = historyOf(a);
  describe(NO_PRIM, ASSERT | (access ? WRITES : 0) | (scoped ? SCOPED : 0), mask, mask);
  compare(a, h);
  const at = mine(h) + CLAIM;
  // One that says more, made at the same time, stays.
  if (clocks[at + A_TIME] === current[A_TIME] && !access && (clocks[at + A_WHAT] & WRITES) !== 0) {
    return;
  }
  remember(at);
  if (scoped) clocks[mine(h) + CLAIM + A_TIME] = OPEN;
}

/** The scope of a claim is over: whatever others did meanwhile is in order now or never was. */
export function endClaim(a: number): void {
  if (own[RUNNING] === 0) return;
  const h = historyOf(a);
  const at = mine(h) + CLAIM;
  for (let i = 0; i < ACCESS_WORDS; i++) current[i] = clocks[at + i];
  current[A_TIME] = clocks[own[ROW] + 2 * own[ME]];
  compare(a, h);
  remember(at);
}
