/**
 * Names in programs: slots that hold what earlier operations returned.
 *
 * A name can be used by several CPUs at once, but what it stands for must not vanish under an
 * operation that was given it: an operation that uses a name up does not apply while another one
 * uses it. None of this is visible to the kernel, and none of it is a schedule point.
 *
 * @module
 */
import * as arena from "./arena.ts";
import { orderUse, orderUsed } from "./clock_order.ts";
import type { OperationBody } from "./operation.ts";
import { kernel } from "./registry.ts";
import { objectAt, type Struct } from "./struct.ts";
import { type OpDefinition, SKIPPED, type Target } from "../prog/target.ts";
import { OP_ID, OP_RESULT, OP_WORDS, P_NOPS, P_OPS } from "../prog/layout.ts";

const { FREE, ghost, KCSAN, prog, slots } = arena;

/** Where the use counts of the slots lie in the ghost words. */
const BUSY = 0;
/** Where the tallies lie; see {@linkcode addTally}. */
const TALLIES = 64;
const TALLIES_MAX = 128;
/** Ghost words that belong to the state of an execution; what lies above is scratch. */
export const GHOST_KEPT = 448;
/** Where the reference counts' ghosts lie: one word each, number 0 being none. */
export const GHOST_REFS = 200;
export const GHOST_REFS_MAX = 128;
/** Where the page counters' ghosts lie: three words each. */
export const GHOST_COUNTERS = GHOST_REFS + GHOST_REFS_MAX;
export const GHOST_COUNTERS_MAX = 40;
/** First ghost word that is free for others. */
export const GHOST_FREE = TALLIES + TALLIES_MAX;

/** Forget all uses; the executor calls it at the start of an execution. */
export function clearHandles(): void {
  ghost.fill(0, BUSY, GHOST_FREE);
}

/**
 * Tallies: numbers a target keeps per object, such as the bytes charged by hand and not yet
 * uncharged. They keep programs honest: undoing what was never done is no bug of the kernel.
 */
export function addTally(i: number, n: number): void {
  if (FREE) Atomics.add(ghost, TALLIES + i, n);
  else ghost[TALLIES + i] += n;
}

/** What tally `i` stands at. */
export function tally(i: number): number {
  return FREE ? Atomics.load(ghost, TALLIES + i) : ghost[TALLIES + i];
}

/** Take at most `n` out of tally `i`; returns how much. */
export function takeTally(i: number, n: number): number {
  for (;;) {
    const have = tally(i);
    const some = Math.min(have, n);
    if (!FREE) {
      ghost[TALLIES + i] = have - some;
      return some;
    }
    if (Atomics.compareExchange(ghost, TALLIES + i, have, have - some) === have) return some;
  }
}

/** Count uses of a slot; returns how many there were. */
function use(slot: number, n: number): number {
  if (FREE) return Atomics.add(ghost, BUSY + slot, n);
  const was = ghost[BUSY + slot];
  ghost[BUSY + slot] = was + n;
  return was;
}

function begin(slot: number): void {
  use(slot, 1);
  if (KCSAN) orderUse(slot, false);
}

function end(slot: number): void {
  use(slot, -1);
  if (KCSAN) orderUsed(slot);
}

/** Make the machine's form of an operation: decode references, guard what is used up. */
function bind(name: string, op: OpDefinition): OperationBody {
  const args = op.args ?? [];
  const isRef = [0, 1, 2].map((i) => args[i]?.type === "ref");
  const consumed = args.findIndex((a) => op.consumes?.includes(a.name) ?? false);
  const [r0, r1, r2] = isRef;
  // An entry point of the kernel, so that every stack begins with what the program asked for.
  const run = kernel(`do_${name}`, op.run);
  return (a0, a1, a2) => {
    const p0 = r0 ? objectAt(slots[a0]) : a0;
    const p1 = r1 ? objectAt(slots[a1]) : a1;
    const p2 = r2 ? objectAt(slots[a2]) : a2;
    if (p0 === null || p1 === null || p2 === null) return SKIPPED;
    if (consumed >= 0) {
      const s = consumed === 0 ? a0 : consumed === 1 ? a1 : a2;
      if (use(s, 0) !== 0) return SKIPPED;
      if (FREE ? Atomics.exchange(slots, s, 0) === 0 : slots[s] === 0) return SKIPPED;
      slots[s] = 0;
      if (KCSAN) orderUse(s, true);
      return run(p0, p1, p2) ?? 0;
    }
    if (r0) begin(a0);
    if (r1) begin(a1);
    if (r2) begin(a2);
    const r = run(p0, p1, p2) ?? 0;
    if (r0) end(a0);
    if (r1) end(a1);
    if (r2) end(a2);
    return r;
  };
}

let results: (string | undefined)[] = [];

/** What the names that still mean something stand for, by type of resource, in program order. */
export function forEachHandle(type: string, f: (o: Struct) => void): void {
  for (let i = 0; i < prog[P_NOPS]; i++) {
    const o = P_OPS + i * OP_WORDS;
    const slot = prog[o + OP_RESULT];
    if (slot < 0 || results[prog[o + OP_ID]] !== type) continue;
    const p = objectAt(slots[slot]);
    if (p !== null) f(p);
  }
}

/** The operations of a target, in the order of its specification. */
export function bindOperations(t: Target): OperationBody[] {
  results = Object.values(t.ops).map((o) => o.result);
  return Object.entries(t.ops).map(([name, op]) => bind(name, op));
}

/** Which argument of each operation names the CPU it starts; -1 for none. */
export function startArguments(t: Target): number[] {
  return Object.values(t.ops).map((o) =>
    o.starts === undefined ? -1 : (o.args ?? []).findIndex((a) => a.name === o.starts)
  );
}
