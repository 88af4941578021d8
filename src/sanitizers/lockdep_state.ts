/**
 * What lockdep has seen in this execution: orders of lock classes, and how each class was used.
 *
 * Both are journals in ghost words, appended to when something is seen for the first time, with a
 * hash table over the orders, so that one already known costs a probe and a reset costs what was
 * seen. A second copy of the two lengths lies among the words that the executor puts back for another
 * execution of the same program: where the copies differ, the journals are wound back.
 *
 * @module
 */
import * as arena from "../machine/arena.ts";
import { STACK_TRACES } from "../machine/control.ts";
import { GHOST_FREE } from "../machine/handles.ts";
import { CLASSES_MAX } from "../machine/lock_class.ts";
import { machineLock, machineUnlock } from "../machine/mutex.ts";
import { oops, OOPS_CAPACITY } from "../machine/oops.ts";
import { CONTEXT } from "../machine/percpu.ts";
import * as registers from "../machine/registers.ts";
import { BLOCK, CPU, fnAt, SP } from "../machine/registers.ts";
import { functionName } from "../machine/registry.ts";
import { CONTEXTS } from "../prog/types.ts";

const { ctl, FREE, ghost, pcpu } = arena;
const { regs } = registers;

/** Orders, and marks of usage, that one execution may show. */
const EDGES_MAX = 512;
const MARKS_MAX = 512;
/** Slots of the hash table, a power of two; never more than a quarter full. */
const SLOTS = 2048;
/** Words of a record: where from, then functions, the innermost first. */
const RECORD = 8;

/** Lengths of the journals as the executor knows them, and as they are. */
const KEPT_EDGES = GHOST_FREE;
const KEPT_MARKS = GHOST_FREE + 1;
const BASE = 16_384;
const N_EDGES = BASE;
const N_MARKS = BASE + 1;
const EDGES = BASE + 16;
const MARKS = EDGES + EDGES_MAX;
const HASH = MARKS + MARKS_MAX;
const USAGE = HASH + SLOTS;
const RECORDS = USAGE + CLASSES_MAX;
/** First ghost word after lockdep's own, among those that are put back. */
export const GHOST_LOCKDEP_END = GHOST_FREE + 2;

/** Kind of an order, bit 0: the first lock is held for itself, not shared. */
export const EXCLUSIVE = 1;
/** Bit 1: the second one can be made to wait by a reader; a recursive reader cannot. */
export const NOT_RECURSIVE = 2;

/** An order as one word. */
export function packEdge(from: number, to: number, kind: number): number {
  return from | (to << 11) | (kind << 22);
}

/** The class that is held. */
export function edgeFrom(edge: number): number {
  return edge & 0x7ff;
}

/** The class that is taken inside. */
export function edgeTo(edge: number): number {
  return (edge >> 11) & 0x7ff;
}

/** {@linkcode EXCLUSIVE} and {@linkcode NOT_RECURSIVE}. */
export function edgeKind(edge: number): number {
  return edge >> 22;
}

/**
 * How many orders of locks the last execution showed, boot operations included; read them with
 * {@linkcode edgeAt}, until the next one begins. For an engine that looks for inputs whose orders
 * together make a cycle: it allocates nothing.
 */
export function edgesSeen(): number {
  return ghost[KEPT_EDGES];
}

/** The `i`-th order that was seen, packed. */
export function edgeAt(i: number): number {
  return ghost[EDGES + i];
}

/** How locks of a class were used: see lockdep.ts. */
export function usageOf(cls: number): number {
  return ghost[USAGE + cls];
}

function slotOf(edge: number): number {
  return Math.imul(edge, 0x9e3779b1) >>> 21;
}

/** Whether an order was seen before. */
export function isKnown(edge: number): boolean {
  for (let h = slotOf(edge);; h = (h + 1) & (SLOTS - 1)) {
    const at = ghost[HASH + h];
    if (at === 0) return false;
    if (ghost[EDGES + at - 1] === edge) return true;
  }
}

/** Remember where on this CPU something was seen first; only while an execution is recorded. */
function remember(record: number): void {
  const r = RECORDS + record * RECORD;
  const depth = ctl[STACK_TRACES] === 0 ? 0 : Math.min(regs[SP], RECORD - 1);
  ghost[r] = regs[CPU] | (pcpu[regs[BLOCK] + CONTEXT] << 8) | (depth << 16);
  for (let d = 0; d < depth; d++) ghost[r + 1 + d] = fnAt(regs[SP] - d);
}

function recorded(record: number): string {
  const r = RECORDS + record * RECORD;
  const depth = ghost[r] >> 16;
  if (depth === 0) return "";
  const names: string[] = [];
  for (let d = 0; d < depth; d++) names.push(functionName(ghost[r + 1 + d]));
  const context = (ghost[r] >> 8) & 0xff;
  const where = context === 0 ? "" : ` (${CONTEXTS[context]})`;
  return `CPU${ghost[r] & 0xff}${where} in ${names.join(" < ")}`;
}

/** Where an order was seen first: CPU, context, functions; "" if it was not recorded. */
export function edgeOrigin(edge: number): string {
  const n = ghost[N_EDGES];
  for (let i = 0; i < n; i++) if (ghost[EDGES + i] === edge) return recorded(i);
  return "";
}

/** Where a class was marked with a usage first. */
export function usageOrigin(cls: number, bit: number): string {
  const n = ghost[N_MARKS];
  const mark = cls | (bit << 11);
  for (let i = 0; i < n; i++) if (ghost[MARKS + i] === mark) return recorded(EDGES_MAX + i);
  return "";
}

function full(): never {
  oops(OOPS_CAPACITY, 0, 0, `more than ${EDGES_MAX} orders or usages of lock classes`);
}

/** Enter an order that is not known yet. */
export function addEdge(edge: number): void {
  const n = ghost[N_EDGES];
  if (n >= EDGES_MAX) full();
  ghost[EDGES + n] = edge;
  remember(n);
  let h = slotOf(edge);
  while (ghost[HASH + h] !== 0) h = (h + 1) & (SLOTS - 1);
  Atomics.store(ghost, HASH + h, n + 1);
  ghost[N_EDGES] = n + 1;
  ghost[KEPT_EDGES] = n + 1;
}

/** Mark a class as used in a way that it was not yet. */
export function addUsage(cls: number, bit: number): void {
  const n = ghost[N_MARKS];
  if (n >= MARKS_MAX) full();
  ghost[MARKS + n] = cls | (bit << 11);
  remember(EDGES_MAX + n);
  ghost[N_MARKS] = n + 1;
  ghost[KEPT_MARKS] = n + 1;
  Atomics.or(ghost, USAGE + cls, 1 << bit);
}

/** Do something to the state that other free-running CPUs must not see half done. */
export function locked<A, B, C>(f: (a: A, b: B, c: C) => void, a: A, b: B, c: C): void {
  if (!FREE) return f(a, b, c);
  machineLock();
  try {
    f(a, b, c);
  } finally {
    machineUnlock();
  }
}

/** Take back orders and marks, the last first, until there are as many as the executor knows. */
export function rewind(): void {
  while (ghost[N_EDGES] > ghost[KEPT_EDGES]) {
    const n = --ghost[N_EDGES];
    let h = slotOf(ghost[EDGES + n]);
    while (ghost[HASH + h] !== n + 1) h = (h + 1) & (SLOTS - 1);
    ghost[HASH + h] = 0; // nothing was entered after it, so no probe passes here
  }
  while (ghost[N_MARKS] > ghost[KEPT_MARKS]) {
    const mark = ghost[MARKS + --ghost[N_MARKS]];
    ghost[USAGE + (mark & 0x7ff)] &= ~(1 << (mark >> 11));
  }
}

/** Whether the executor has put an earlier state back. */
export function isStale(): boolean {
  return ghost[KEPT_EDGES] !== ghost[N_EDGES] || ghost[KEPT_MARKS] !== ghost[N_MARKS];
}

/** Forget everything. */
export function forget(): void {
  ghost[KEPT_EDGES] = 0;
  ghost[KEPT_MARKS] = 0;
  rewind();
}
