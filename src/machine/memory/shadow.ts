/**
 * Shadow states of cells: what an access to a cell means.
 *
 * The machine keeps the states and calls the handler of a sanitizer when a cell that is not plainly
 * usable is touched; without a sanitizer such accesses go through, as on a kernel built without it.
 *
 * @module
 */
import * as metaLayout from "../layout/meta.ts";
import * as operationWords from "../layout/operations.ts";
import * as recordWords from "../layout/recording.ts";
import * as registers from "../layout/registers.ts";
import * as states from "../layout/shadow_states.ts";
import * as sizes from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import { stateOf, withState } from "../layout/meta.ts";
import { oops, OOPS_GARBAGE } from "../findings/oops.ts";

const { ctl, mem, pcpu } = views();
const { LAST_TRACED } = operationWords;
const { UNDONE } = recordWords;
const { regs, BLOCK } = registers;
const { CELL_WORDS, META } = metaLayout;
const { LIVE, POISONED, UNALLOCATED, UNWRITTEN } = states;
const { CELLS } = sizes;

/**
 * What is told of a bad access: the first bad cell and its state, and the whole access, which begins
 * at `from` and covers `cells`; a negative number is a length that went below zero.
 */
export type BadAccess = (
  a: number,
  state: number,
  write: boolean,
  from: number,
  cells: number,
) => void;

/** What is told of a free of an address at which no object of a slab begins. */
export type BadFree = (a: number) => void;

let handler: BadAccess | null = null;
let freeHandler: BadFree | null = null;

/** The sanitizer that judges bad accesses. */
export function onBadAccess(f: BadAccess | null): void {
  handler = f;
}

/** The sanitizer that judges bad frees. */
export function onBadFree(f: BadFree | null): void {
  freeHandler = f;
}

/** A read of a cell whose state is not LIVE. */
export function badRead(a: number, meta: number): void {
  if (handler !== null) handler(a, stateOf(meta), false, a, 1);
}

/** A write to a cell whose state is not LIVE. */
export function badWrite(a: number, meta: number): void {
  const state = stateOf(meta);
  if (state === UNWRITTEN || state === POISONED) return; // the write makes it LIVE
  if (handler === null) return;
  ctl[UNDONE] = pcpu[regs[BLOCK] + LAST_TRACED] + 1;
  handler(a, state, true, a, 1);
  ctl[UNDONE] = 0;
}

/** The address handed to kfree() is not that of an object; without a sanitizer nothing happens. */
export function badFree(a: number): void {
  if (freeHandler !== null) freeHandler(a);
}

/** An address that was computed, such as that of an array's element, must be in memory at all. */
export function checkAddress(a: number, write: boolean): void {
  if (a > 0 && a < CELL_WORDS * CELLS) return;
  if (handler !== null) handler(a, UNALLOCATED, write, a, 1);
  oops(OOPS_GARBAGE, 0, 0, `Address ${a} is outside of memory.`);
}

/**
 * Judge `n` cells from `a` as one access, before a library function touches them one by one: as
 * memset() and its kin do, so that the report names the whole range.
 */
export function checkRange(a: number, n: number, write: boolean): void {
  if (handler === null) return;
  if (n < 0) handler(a, stateAt(a), write, a, n);
  for (let i = 0; i < n; i++) {
    const state = stateAt(a + CELL_WORDS * i);
    if (!isUsable(state)) handler(a + CELL_WORDS * i, state, write, a, n);
  }
}

/** The state of the cell at an address. */
export function stateAt(a: number): number {
  return stateOf(mem[a + META]);
}

/** Whether a cell in that state belongs to an allocated object. */
export function isUsable(state: number): boolean {
  return state === LIVE || state >= UNWRITTEN;
}

/** Set the state of `n` cells from `a`, keeping nothing of the last writer. */
export function setShadow(a: number, n: number, state: number): void {
  for (let i = 0; i < n; i++) mem[a + CELL_WORDS * i + META] = state;
}

/** Mark a cell as holding a value that comes from an unwritten one. */
export function poison(a: number): void {
  mem[a + META] = withState(mem[a + META], POISONED);
}

/** Whether a cell was never written, or holds a value computed from such a one. */
export function isUnwritten(a: number): boolean {
  const s = stateAt(a);
  return s === UNWRITTEN || s === POISONED;
}
