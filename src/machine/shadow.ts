/**
 * Shadow states of cells: what an access to a cell means.
 *
 * The machine keeps the states and calls the handler of a sanitizer when a cell that is not plainly
 * usable is touched; without a sanitizer such accesses go through, as on a kernel built without it.
 *
 * @module
 */
import * as arena from "./arena.ts";

const { mem } = arena;

/** Allocated and written. */
export const LIVE = 0;
/** Around an object, or never part of one. */
export const REDZONE = 1;
/** In a slab, but not allocated yet. */
export const UNALLOCATED = 2;
/** Freed. */
export const FREED = 3;
/** Allocated, but never written. */
export const UNWRITTEN = 4;
/** Holds a value that was computed from one never written. */
export const POISONED = 5;

export type BadAccess = (a: number, state: number, write: boolean) => void;

let handler: BadAccess | null = null;

/** The sanitizer that judges bad accesses. */
export function onBadAccess(f: BadAccess | null): void {
  handler = f;
}

/** A read of a cell whose state is not LIVE. */
export function badRead(a: number, meta: number): void {
  if (handler !== null) handler(a, meta & 7, false);
}

/** A write to a cell whose state is not LIVE. */
export function badWrite(a: number, meta: number): void {
  const state = meta & 7;
  if (state === UNWRITTEN || state === POISONED) return; // the write makes it LIVE
  if (handler !== null) handler(a, state, true);
}

/** Set the state of `n` cells from `a`, keeping nothing of the last writer. */
export function setShadow(a: number, n: number, state: number): void {
  for (let i = 0; i < n; i++) mem[a + 2 * i + 1] = state;
}

/** Mark a cell as holding a value that comes from an unwritten one. */
export function poison(a: number): void {
  mem[a + 1] = (mem[a + 1] & ~7) | POISONED;
}

/** Whether a cell was never written, or holds a value computed from such a one. */
export function isUnwritten(a: number): boolean {
  const s = mem[a + 1] & 7;
  return s === UNWRITTEN || s === POISONED;
}
