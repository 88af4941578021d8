/**
 * Watched cells: sanitizers that look at every atomic change of certain fields.
 *
 * A structure declares the field as `watched("name")`, and a sanitizer registers under the same name
 * what it does at a change. So kernel code stays what it is in C, and its counts are checked all the
 * same.
 *
 * @module
 */
import { CELL_WORDS } from "../layout/meta.ts";
import { CELLS } from "../layout/sizes.ts";

/** `a` is the cell, then come its values before and after the change. */
export type Watcher = (a: number, old: number, now: number) => void;

/** Names of watches; a watch's number is its place here. Number 0 is none. */
const names: string[] = [""];
const watchers: (Watcher | null)[] = [null];
/** Number of the watch of each cell, by address. */
const watches = new Uint8Array(CELL_WORDS * CELLS);

/** Let the watch of that name see the changes of the cell at `a`. */
export function watchCell(a: number, name: string): void {
  let number = names.indexOf(name);
  if (number < 0) {
    number = names.push(name) - 1;
    watchers.push(null);
  }
  if (number > 255) throw new Error(`Cannot watch "${name}": there are 255 watches already`);
  watches[a] = number;
}

/** Set or remove what sees the changes of all fields that are declared as `watched(name)`. */
export function onChange(name: string, f: Watcher | null): void {
  const number = names.indexOf(name);
  if (number <= 0) {
    throw new Error(`Cannot watch "${name}": no field is declared as watched("${name}")`);
  }
  watchers[number] = f;
}

/** An atomic operation has changed the cell at `a`. */
export function watch(a: number, old: number, now: number): void {
  const number = watches[a];
  if (number === 0) return;
  const f = watchers[number];
  if (f !== null) f(a, old, now);
}
