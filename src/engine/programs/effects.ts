/**
 * Which operations read and write which fields, learned from traces; and which operations therefore
 * act on each other.
 *
 * A program that races needs operations of which one writes what another one reads. Drawn by fixed
 * weights alone, two operations of low weight seldom come together. (HEALER, SOSP 2021, learns from
 * coverage which calls influence which; here the trace says it directly.)
 *
 * Few traces are enough, so a campaign reads one only where an operation was not read often.
 *
 * @module
 */
import type { Rng } from "./rng.ts";
import { CONTEXTS, type OpSpec } from "../../prog/types.ts";
import { accessKind } from "../../report/access_kind.ts";

/** Number of traces from which an operation is learned. */
const TRACES = 4;
/** Maximum of fields; those that come later are not told apart from others. */
const FIELDS_MAX = 512;

/** What is needed of a point of a trace. */
export interface Touch {
  /** The index of the operation in the program, or -1. */
  readonly op: number;
  /** The object, such as `obj_cgroup#2`, and its field; or null. */
  readonly object: string | null;
  readonly field: string | null;
  /** The primitive. */
  readonly what: string;
}

export class Effects {
  readonly #fields = new Map<string, number>();
  /** Per operation and field: 1 if it reads it, 2 if it writes it. */
  readonly #touched: Uint8Array;
  readonly #traces: Uint8Array;
  /** Per operation, cumulative weights of all operations; null until something was learned. */
  readonly #related: (Float64Array | null)[];
  /** Per operation and context of a handler, the same of the operations that may run there. */
  readonly #handlers: (Float64Array | null)[];

  constructor(readonly ops: readonly OpSpec[]) {
    this.#touched = new Uint8Array(ops.length * FIELDS_MAX);
    this.#traces = new Uint8Array(ops.length);
    this.#related = ops.map(() => null);
    this.#handlers = ops.flatMap(() => CONTEXTS.map(() => null));
  }

  /** Whether a trace of operation `id` would teach something. */
  isWanted(id: number): boolean {
    return this.#traces[id] < TRACES;
  }

  /** Learn from a trace. `ids` are the operations of the program, by index. */
  learn(trace: readonly Touch[], ids: readonly number[]): void {
    for (const { op, object, field, what } of trace) {
      if (op < 0 || op >= ids.length || object === null || field === null) continue;
      const f = this.#fieldOf(`${object.replace(/#.*/, "")}.${field}`);
      if (f >= 0) this.#touched[ids[op] * FIELDS_MAX + f] |= accessKind(what) === "read" ? 1 : 2;
    }
    for (const id of new Set(ids)) if (this.#traces[id] < TRACES) this.#traces[id]++;
    this.#related.fill(null);
    this.#handlers.fill(null);
  }

  #fieldOf(name: string): number {
    const known = this.#fields.get(name);
    if (known !== undefined) return known;
    if (this.#fields.size === FIELDS_MAX) return -1;
    this.#fields.set(name, this.#fields.size);
    return this.#fields.size - 1;
  }

  /**
   * How much two operations act on each other: the number of fields that both touch and one writes,
   * each divided by the number of operations that touch it.
   */
  affinity(a: number, b: number): number {
    let sum = 0;
    for (let f = 0; f < this.#fields.size; f++) {
      const x = this.#touched[a * FIELDS_MAX + f];
      const y = this.#touched[b * FIELDS_MAX + f];
      if (x !== 0 && y !== 0 && ((x | y) & 2) !== 0) sum += 1 / this.#touching(f);
    }
    return sum;
  }

  #touching(f: number): number {
    let n = 0;
    for (let id = 0; id < this.ops.length; id++) {
      if (this.#touched[id * FIELDS_MAX + f] !== 0) n++;
    }
    return n;
  }

  /** Draw an operation that acts on what operation `id` acts on; -1 if none is known. */
  draw(id: number, boot: boolean, rng: Rng): number {
    const i = drawn(this.#related[id] ??= this.#tableOf(id, () => true), rng);
    return i < 0 || this.ops[i].where === (boot ? "run" : "boot") ? -1 : i;
  }

  /** Draw an operation that may run in this context and acts on what operation `id` acts on; or -1. */
  drawHandler(id: number, context: number, rng: Rng): number {
    const table = this.#handlers[id * CONTEXTS.length + context] ??= this.#tableOf(
      id,
      ({ contexts }) => contexts?.includes(CONTEXTS[context]) ?? false,
    );
    return drawn(table, rng);
  }

  /** An operation that never comes by its weight does not come here either. */
  #tableOf(id: number, may: (op: OpSpec) => boolean): Float64Array {
    let sum = 0;
    return Float64Array.from(this.ops, (o, other) => {
      const weight = o.weight ?? 1;
      return sum += weight > 0 && may(o) ? Math.sqrt(weight) * this.affinity(id, other) : 0;
    });
  }
}

/** An index, drawn by cumulative weights; -1 if all are 0. */
function drawn(table: Float64Array, rng: Rng): number {
  const sum = table[table.length - 1];
  if (sum === 0) return -1;
  const x = (rng.next() / 0x100000000) * sum;
  let i = 0;
  while (i < table.length - 1 && table[i] <= x) i++;
  return i;
}
