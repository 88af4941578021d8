/**
 * Names in programs: slots that hold what earlier operations returned.
 *
 * A name can be used by several CPUs at once, but what it stands for must not vanish under an
 * operation that was given it: an operation that uses a name up does not apply while another one
 * uses it. None of this is visible to the kernel, and none of it is a schedule point.
 *
 * @module
 */
import { views } from "../words/arena.ts";
import { OP_ID, OP_RESULT, OP_WORDS, P_NOPS, P_OPS } from "../../prog/layout.ts";
import { orderUse, orderUsed } from "../clocks/clock_order.ts";
import type { OperationBody } from "./operation.ts";
import { kernel } from "../calls/registry.ts";
import { objectAt } from "../memory/objects.ts";
import type { Struct } from "../memory/struct_type.ts";
import { type OpDefinition, SKIPPED, type Target } from "../../prog/target.ts";
import { LIMITS } from "../../prog/types.ts";
import { keptWords } from "../words/ghost_words.ts";

const { ghost, prog, slots, FREE, KCSAN } = views();

/** Use counts of the slots. */
const BUSY = keptWords("slots in use", LIMITS.slots);
/** Numbers that a target keeps; see {@linkcode addTally}. */
export const TALLIES_MAX = 128;
const TALLIES = keptWords("tallies", TALLIES_MAX);

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

/** Use a slot up, unless another operation uses it or has done so. */
function take(slot: number): boolean {
  if (use(slot, 0) !== 0) return false;
  if (FREE) {
    if (Atomics.exchange(slots, slot, 0) === 0) return false;
  } else {
    if (slots[slot] === 0) return false;
    slots[slot] = 0;
  }
  if (KCSAN) orderUse(slot, true);
  return true;
}

/** Use two slots up, or neither. */
function takeBoth(a: number, b: number): boolean {
  const first = slots[a];
  if (a === b || !take(a)) return false;
  if (take(b)) return true;
  if (FREE) Atomics.store(slots, a, first);
  else slots[a] = first;
  return false;
}

/** Make the machine's form of an operation: decode references, guard what is used up. */
function bind(name: string, op: OpDefinition): OperationBody {
  const args = op.args ?? [];
  const refs = [0, 1, 2].filter((i) => args[i]?.type === "ref");
  const consumed = args.flatMap((a, i) => op.consumes?.includes(a.name) ? [i] : []);
  if (consumed.length > 2) throw new RangeError(`Operation "${name}" uses more than two names up`);
  const each = (f: (i: number) => string) => refs.map(f).join(" ");
  const call = `run(${[0, 1, 2].map((i) => refs.includes(i) ? `p${i}` : `a${i}`)}) ?? 0`;
  const slotsUsedUp = consumed.map((i) => `a${i}`).join(", ");
  const body = consumed.length > 0
    ? `return ${consumed.length > 1 ? "takeBoth" : "take"}(${slotsUsedUp}) ? ${call} : SKIPPED;`
    : `${each((i) => `begin(a${i});`)} const r = ${call}; ${each((i) => `end(a${i});`)} return r;`;
  // Compiled for each, like the kernel's functions: see registry.ts.
  return new Function(
    ...["run", "slots", "objectAt", "begin", "end", "take", "takeBoth", "SKIPPED"],
    `return (a0, a1, a2) => {
      ${each((i) => `const p${i} = objectAt(slots[a${i}]); if (p${i} === null) return SKIPPED;`)}
      ${body}
    }`,
  )(
    // An entry point of the kernel, so that every stack begins with what the program asked for.
    kernel(`do_${name}`, op.run),
    ...[slots, objectAt, begin, end, take, takeBoth, SKIPPED],
  );
}

let results: (string | undefined)[] = [];

/** Type of resource and address of what each name that still means something stands for. */
export function forEachName(f: (type: string | undefined, a: number) => void): void {
  for (let i = 0; i < prog[P_NOPS]; i++) {
    const o = P_OPS + i * OP_WORDS;
    const slot = prog[o + OP_RESULT];
    if (slot >= 0 && slots[slot] !== 0) f(results[prog[o + OP_ID]], slots[slot]);
  }
}

/** Call `f` with each object of this type that a name stands for; then the name stands for nothing. */
export function forEachHandle(type: string, f: (o: Struct) => void): void {
  for (let i = 0; i < prog[P_NOPS]; i++) {
    const o = P_OPS + i * OP_WORDS;
    const slot = prog[o + OP_RESULT];
    if (slot < 0 || slots[slot] === 0 || results[prog[o + OP_ID]] !== type) continue;
    const object = objectAt(slots[slot]);
    slots[slot] = 0;
    if (object !== null) f(object);
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
