/**
 * What lockdep has seen in this execution: orders of lock classes, and how each class was used.
 *
 * Both are journals in scratch ghost words: what is seen for the first time is appended. A hash
 * table finds an order that is known with one probe, and a reset costs as much as was seen. A copy
 * of the two lengths is in a kept ghost word, which the machine restores for another execution of
 * the same program. If the copy differs from the lengths, the journals are wound back to it.
 *
 * @module
 */
import * as contextWords from "../../machine/layout/contexts.ts";
import * as heldLock from "../../machine/layout/held_lock.ts";
import * as recordWords from "../../machine/layout/recording.ts";
import * as registers from "../../machine/layout/registers.ts";
import { views } from "../../machine/words/arena.ts";
import { journalLength, scratchWords } from "../../machine/words/ghost_words.ts";
import { machineLock, machineUnlock } from "../../machine/words/machine_lock.ts";
import { oops, OOPS_CAPACITY } from "../../machine/findings/oops.ts";
import { fnAt } from "../../machine/words/cpu_state.ts";
import { functionName } from "../../machine/calls/registry.ts";
import { CONTEXTS } from "../../prog/types.ts";

const { ctl, ghost, pcpu, FREE } = views();
const { CONTEXT } = contextWords;
const { CLASSES_MAX } = heldLock;
const { STACK_TRACES } = recordWords;
const { regs, BLOCK, CPU, SP } = registers;

/** Orders, and marks of usage, that one execution may show. */
const EDGES_MAX = 512;
const MARKS_MAX = 512;
/** Slots of the hash table, a power of two; never more than a quarter full. */
const SLOTS = 2048;
/** Words of a record: CPU, context and depth in one word; then the functions, innermost first. */
const RECORD = 8;

/** The kept copy of the lengths: orders in the lower half of the word, marks in the upper half. */
const KEPT = journalLength("lockdep");
const WORDS = 2 + EDGES_MAX + MARKS_MAX + SLOTS + CLASSES_MAX + (EDGES_MAX + MARKS_MAX) * RECORD;
const BASE = scratchWords("lockdep journals", WORDS);
/** The lengths of the journals. */
const LENGTHS = BASE;
/** The usages of all classes, as bits. */
const ALL_USAGE = BASE + 1;
const EDGES = BASE + 2;
const MARKS = EDGES + EDGES_MAX;
const HASH = MARKS + MARKS_MAX;
const USAGE = HASH + SLOTS;
const RECORDS = USAGE + CLASSES_MAX;

/** The change of a length word by one mark. */
const MARK = 1 << 16;
/** A mark is a class and usage bits; an order is two classes and its kind. */
const CLASS_BITS = 11;
const CLASS_MASK = (1 << CLASS_BITS) - 1;

function edgesNow(): number {
  return ghost[LENGTHS] & (MARK - 1);
}

function marksNow(): number {
  return ghost[LENGTHS] >> 16;
}

/** Kind of an order, bit 0: the held lock is held exclusively, not by a reader. */
export const EXCLUSIVE = 1;
/**
 * Bit 1: the second lock is not taken by a recursive reader, so it may have to wait for a reader.
 */
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
 * How many orders were seen in this execution, boot operations included; see {@linkcode edgeAt}.
 */
export function edgesSeen(): number {
  return ghost[KEPT] & (MARK - 1);
}

/** The `i`-th order that was seen, packed. */
export function edgeAt(i: number): number {
  return ghost[EDGES + i];
}

/** How locks of a class were used, as bits: see usage.ts. */
export function usageOf(cls: number): number {
  return ghost[USAGE + cls];
}

/** The usages of all classes; mostly they suffice to know that nothing conflicts. */
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

/** Record where something was seen first; functions only if the execution is recorded. */
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

/** Where an order was seen first, as text: CPU, context, functions; "" if it was not recorded. */
export function edgeOrigin(edge: number): string {
  const n = edgesNow();
  for (let i = 0; i < n; i++) if (ghost[EDGES + i] === edge) return recorded(i);
  return "";
}

/** Where a class was first used in a way, as text. */
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

/** Add an order that is not known yet. */
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

/** Mark a class as used in the ways of `bits`, all of which are new. */
export function addUsage(cls: number, bits: number): void {
  const n = marksNow();
  if (n >= MARKS_MAX) full();
  ghost[MARKS + n] = cls | (bits << CLASS_BITS);
  remember(EDGES_MAX + n);
  ghost[USAGE + cls] |= bits;
  ghost[ALL_USAGE] |= bits;
  lengthen(MARK);
}

/** Change the state under the machine's lock, so that free-running CPUs see no half of a change. */
export function locked<A, B, C>(f: (a: A, b: B, c: C) => void, a: A, b: B, c: C): void {
  machineLock();
  try {
    f(a, b, c);
  } finally {
    machineUnlock();
  }
}

/** Remove orders and marks, the last first, until there are as many as the kept copy says. */
function rewind(): void {
  const edges = edgesSeen();
  const marks = ghost[KEPT] >> 16;
  for (let n = edgesNow(); n > edges; n--) {
    let h = slotOf(ghost[EDGES + n - 1]);
    while (ghost[HASH + h] !== n) h = (h + 1) & (SLOTS - 1);
    ghost[HASH + h] = 0; // it was entered last, so no probe of another order passes it
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

/** If the machine has restored an earlier state, wind the journals back to it. */
export function settle(): void {
  // Without the lock, a free-running CPU could see half of another CPU's addition.
  if (ghost[KEPT] === ghost[LENGTHS]) return;
  if (FREE) locked(rewind, 0, 0, 0);
  else rewind();
}
