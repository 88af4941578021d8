/**
 * Watched cells: oracles that look at every atomic change of certain fields.
 *
 * A field is declared with the number of its watch; the oracle registers what to do under that
 * number. So kernel code stays what it is in C, and a refcount is checked all the same.
 *
 * @module
 */
import { watchAt } from "./struct.ts";

/** `a` the cell, then its value before and after. */
export type Watcher = (a: number, old: number, now: number) => void;

/** A reference count in atomic mode: 0 → 1 and below 0 are findings. */
export const WATCH_REFCOUNT = 1;
/** A page counter's usage. */
export const WATCH_PAGE_COUNTER = 2;
/** Bytes parked on an objcg. */
export const WATCH_BYTES = 3;

const watchers: (Watcher | null)[] = [null, null, null, null, null, null, null, null];

/** Set or remove the oracle for a kind of cell. */
export function onChange(kind: number, f: Watcher | null): void {
  watchers[kind] = f;
}

/** An atomic operation has changed a cell. */
export function watch(a: number, old: number, now: number): void {
  const kind = watchAt(a);
  if (kind === 0) return;
  const f = watchers[kind];
  if (f !== null) f(a, old, now);
}
