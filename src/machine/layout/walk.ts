/**
 * Words of a walk: the part of an execution in which the machine decides at every point.
 *
 * @module
 */
import { E_ACTION, E_GAP, EVENT_WORDS, eventAt, S_NEVENTS, S_WALK } from "../../prog/layout.ts";
import { CPUS_MAX } from "./sizes.ts";
import { controlWords } from "./control.ts";

const word = controlWords("walk");

/** Whether the walk has begun. */
export const WALKING: number = word();
/** State of the random numbers. */
export const WALK_RANDOM: number = word();
/** Hash of all values that cells have got since the schedule began. */
export const WALK_STATE: number = word();
/** The access under way: its cell, or 0; whether it writes; the value before; and its CPU. */
export const WALK_CELL: number = word();
export const WALK_WRITES: number = word();
export const WALK_VALUE: number = word();
export const WALK_CPU: number = word();
/** Number of events that the walk has added, and the position of the last one. */
export const NWALKED: number = word();
export const WALKED_AT: number = word();
/** Number of visits that are remembered. */
export const NVISITS: number = word();
/** Of each CPU: the access before which it stands, as {@linkcode nextAccess} makes it; its priority. */
export const NEXT_ACCESS: number = word(CPUS_MAX);
export const NEXT_PRIORITY: number = word(CPUS_MAX);

/** Words of a visit: the position of the point before which memory was in that state; the state. */
export const V_POSITION = 0;
export const V_STATE = 1;

const WRITES = 1;

/** An access to the cell at `a`, in one word. */
export function nextAccess(a: number, writes: boolean): number {
  return (a << 1) | (writes ? WRITES : 0);
}

/** The cell of an access. */
export function accessedCell(access: number): number {
  return access >> 1;
}

/** Whether an access writes. */
export function isWriting(access: number): boolean {
  return (access & WRITES) !== 0;
}

/** Make a schedule that ends in a walk plain: with the `n` events that the walk has come to. */
export function addWalked(sched: Int32Array, walked: Int32Array, n: number): void {
  sched[S_WALK] = 0;
  for (let i = 0; i < n; i++) {
    const e = eventAt(sched[S_NEVENTS]++);
    sched[e + E_GAP] = walked[EVENT_WORDS * i + E_GAP];
    sched[e + E_ACTION] = walked[EVENT_WORDS * i + E_ACTION];
  }
}
