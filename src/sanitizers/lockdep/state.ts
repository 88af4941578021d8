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
import * as percpu from "../../machine/layout/percpu.ts";
import * as recordWords from "../../machine/layout/recording.ts";
import * as registers from "../../machine/layout/registers.ts";
import { views } from "../../machine/words/arena.ts";
import { keptWords, scratchWords } from "../../machine/words/ghost_words.ts";
import { CLASSES_MAX } from "../../machine/locks/lock_class.ts";
import { machineLock, machineUnlock } from "../../machine/words/machine_lock.ts";
import { oops, OOPS_CAPACITY } from "../../machine/findings/oops.ts";
import { fnAt } from "../../machine/words/cpu_state.ts";
import { functionName } from "../../machine/calls/registry.ts";
import { CONTEXTS } from "../../prog/types.ts";

const { ctl, ghost, pcpu, FREE } = views();
const { CONTEXT } = percpu;
const { STACK_TRACES } = recordWords;
const { regs, BLOCK, CPU, SP } = registers;

/** Orders, and marks of usage, that one execution may show. */
const EDGES_MAX = 512;
const MARKS_MAX = 512;
/** Slots of the hash table, a power of two; never more than a quarter full. */
const SLOTS = 2048;
/** Words of a record: where from, then functions, the innermost first. */
const RECORD = 8;

/** Lengths of the journals, orders below and marks above, as the executor knows them. */
const KEPT = keptWords("lockdep", 1);
const WORDS = 2 + EDGES_MAX + MARKS_MAX + SLOTS + CLASSES_MAX + (EDGES_MAX + MARKS_MAX) * RECORD;
const BASE = scratchWords("lockdep journals", WORDS);
/** The same as they are. */
const LENGTHS = BASE;
/** What all classes together were used for. */
const ALL_USAGE = BASE + 1;
const EDGES = BASE + 2;
const MARKS = EDGES + EDGES_MAX;
const HASH = MARKS + MARKS_MAX;
const USAGE = HASH + SLOTS;
const RECORDS = USAGE + CLASSES_MAX;

/** One mark more. */
const MARK = 1 << 16;
/** Marks hold a class and usage bits. */
const CLASS_BITS = 11;
const CLASS_MASK = (1 << CLASS_BITS) - 1;

function edgesNow(): number {
  return ghost[LENGTHS] & (MARK - 1);
}

function marksNow(): number {
  return ghost[LENGTHS] >> 16;
}

/** Kind of an order, bit 0: the first lock is held for itself, not shared. */
export const EXCLUSIVE = 1;
/** Bit 1: the second one can be made to wait by a reader; a recursive reader cannot. */
export const NOT_RECURSIVE = 2;

/** An order as one word. */
export function packEdge(from: number, to: number, kind: number): number {
  return from | (to << CLASS_BITS) | (kind << (2 * CLASS_BITS));
}

/** The class that is held. */
export function edgeFrom(edge: number): number {
  return edge & CLASS_MASK;
}

/** The class that is taken inside. */
export function edgeTo(edge: number): number {
  return (edge >> CLASS_BITS) & CLASS_MASK;
}

/** {@linkcode EXCLUSIVE} and {@linkcode NOT_RECURSIVE}. */
export function edgeKind(edge: number): number {
  return edge >> (2 * CLASS_BITS);
}

/**
 * How many orders of locks the last execution showed, boot operations included; read them with
 * {@linkcode edgeAt}, until the next one begins. For an engine that looks for inputs whose orders
 * together make a cycle: it allocates nothing.
 */
export function edgesSeen(): number {
  return ghost[KEPT] & (MARK - 1);
}

/** The `i`-th order that was seen, packed. */
export function edgeAt(i: number): number {
  return ghost[EDGES + i];
}

/** How locks of a class were used: see lockdep.ts. */
export function usageOf(cls: number): number {
  return ghost[USAGE + cls];
}

/** What all classes together were used for: mostly enough to know that nothing conflicts. */
export function usageOfAll(): number {
  return ghost[ALL_USAGE];
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
  const n = edgesNow();
  for (let i = 0; i < n; i++) if (ghost[EDGES + i] === edge) return recorded(i);
  return "";
}

/** Where a class was marked with a usage first. */
export function usageOrigin(cls: number, bit: number): string {
  const n = marksNow();
  for (let i = 0; i < n; i++) {
    const mark = ghost[MARKS + i];
    if ((mark & CLASS_MASK) === cls && ((mark >> (CLASS_BITS + bit)) & 1) !== 0) {
      return recorded(EDGES_MAX + i);
    }
  }
  return "";
}

function full(): never {
  oops(OOPS_CAPACITY, 0, 0, `more than ${EDGES_MAX} orders or usages of lock classes`);
}

function lengthen(by: number): void {
  ghost[LENGTHS] += by;
  ghost[KEPT] = ghost[LENGTHS];
}

/** Enter an order that is not known yet. */
export function addEdge(edge: number): void {
  const n = edgesNow();
  if (n >= EDGES_MAX) full();
  ghost[EDGES + n] = edge;
  remember(n);
  let h = slotOf(edge);
  while (ghost[HASH + h] !== 0) h = (h + 1) & (SLOTS - 1);
  ghost[HASH + h] = n + 1;
  lengthen(1);
}

/** Mark a class as used in ways, a bit each, that it was not yet. */
export function addUsage(cls: number, bits: number): void {
  const n = marksNow();
  if (n >= MARKS_MAX) full();
  ghost[MARKS + n] = cls | (bits << CLASS_BITS);
  remember(EDGES_MAX + n);
  ghost[USAGE + cls] |= bits;
  ghost[ALL_USAGE] |= bits;
  lengthen(MARK);
}

/** Do something to the state that other free-running CPUs must not see half done. */
export function locked<A, B, C>(f: (a: A, b: B, c: C) => void, a: A, b: B, c: C): void {
  machineLock();
  try {
    f(a, b, c);
  } finally {
    machineUnlock();
  }
}

/** Take back orders and marks, the last first, until there are as many as the executor knows. */
function rewind(): void {
  const edges = edgesSeen();
  const marks = ghost[KEPT] >> 16;
  for (let n = edgesNow(); n > edges; n--) {
    let h = slotOf(ghost[EDGES + n - 1]);
    while (ghost[HASH + h] !== n) h = (h + 1) & (SLOTS - 1);
    ghost[HASH + h] = 0; // nothing was entered after it, so no probe passes here
  }
  for (let n = marksNow(); n > marks; n--) {
    const mark = ghost[MARKS + n - 1];
    ghost[USAGE + (mark & CLASS_MASK)] &= ~(mark >> CLASS_BITS);
  }
  let all = 0;
  for (let i = 0; i < marks; i++) all |= ghost[MARKS + i] >> CLASS_BITS;
  ghost[ALL_USAGE] = all;
  ghost[LENGTHS] = ghost[KEPT];
}

/** If the executor has put an earlier state back, do the same here. */
export function settle(): void {
  // A free-running CPU may see another one's addition half done: under the lock it sees it whole.
  if (ghost[KEPT] === ghost[LENGTHS]) return;
  if (FREE) locked(rewind, 0, 0, 0);
  else rewind();
}
