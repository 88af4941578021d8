/**
 * Lock orders of different inputs, combined.
 *
 * Lockdep judges one execution, so a report replays from its input alone. The kernel's lockdep
 * never forgets, and finds cycles whose orders come from unrelated code; no random program contains
 * both. Therefore the campaign remembers the first program that showed each order. If a new order
 * closes a cycle of lock classes, the programs that showed the orders of the cycle are merged into
 * one program, and it is run. Lockdep then decides whether that is a deadlock.
 *
 * @module
 */
import type { LockOrdersSeen } from "../../machine/executor.ts";
import { OPS_MAX } from "../programs/mutate.ts";
import type { PackedSpec } from "../programs/packed_spec.ts";
import { LIMITS } from "../../prog/types.ts";
import {
  OP_ARGS,
  OP_CPU,
  OP_ID,
  OP_RESULT,
  OP_WORDS,
  operationAt,
  P_CPUS,
  P_NOPS,
  P_SLOTS,
} from "../../prog/layout.ts";

/** The usual result: no program. */
const NONE: Int32Array[] = [];
/** Bits of the hash that finds a known order without a look-up. */
const HASH_BITS = 12;

/**
 * Maximum of programs tried for each order that closes a cycle. A merged program may not show the
 * order.
 */
const TRIES = 16;
/** Maximum of programs that are merged. */
const PARTS_MAX = 3;

/** Append operations of `from` to `to`: the boot operations, or the others. */
function append(to: Int32Array, from: Int32Array, boot: boolean, shift: number, spec: PackedSpec) {
  const fixed = spec.predefined.length;
  for (let i = 0; i < from[P_NOPS]; i++) {
    const src = operationAt(i);
    if ((from[src + OP_CPU] < 0) !== boot) continue;
    const o = operationAt(to[P_NOPS]++);
    for (let k = 0; k < OP_WORDS; k++) to[o + k] = from[src + k];
    if (to[o + OP_RESULT] >= fixed) to[o + OP_RESULT] += shift;
    for (let k = 0; k < LIMITS.args; k++) {
      const isRef = spec.refs[from[src + OP_ID] * LIMITS.args + k] >= 0;
      if (isRef && to[o + OP_ARGS + k] >= fixed) to[o + OP_ARGS + k] += shift;
    }
  }
}

/**
 * Merge programs into one: first the boot operations of each, then its other operations. Each
 * program keeps its own names. Null if the result is too large.
 */
export function combine(parts: readonly Int32Array[], spec: PackedSpec): Int32Array | null {
  const fixed = spec.predefined.length;
  const ops = parts.reduce((n, p) => n + p[P_NOPS], 0);
  const slots = parts.reduce((n, p) => n + p[P_SLOTS] - fixed, fixed);
  if (ops > LIMITS.ops || slots > LIMITS.slots) return null;
  const w = parts[0].slice();
  w[P_NOPS] = 0;
  w[P_CPUS] = Math.max(...parts.map((p) => p[P_CPUS]));
  for (const boot of [true, false]) {
    let shift = 0;
    for (const p of parts) {
      append(w, p, boot, shift, spec);
      shift += p[P_SLOTS] - fixed;
    }
  }
  w[P_SLOTS] = slots;
  return w;
}

export class LockOrders {
  /** The first program that showed each order. */
  readonly #first = new Map<number, Int32Array>();

  /** For orders that close a cycle: the last program that showed it, and how many programs did. */
  readonly #last = new Map<number, Int32Array>();
  readonly #tried = new Map<number, number>();

  /**
   * Orders that need no more work, by hash. They are looked up for every order of every execution.
   */
  readonly #settled = new Int32Array(1 << HASH_BITS).fill(-1);

  constructor(readonly spec: PackedSpec, readonly seen: LockOrdersSeen) {}

  /**
   * Read the lock orders of the last execution, which ran `program`. Returns merged programs to
   * try; usually all orders are known and there is none.
   */
  note(program: Int32Array): Int32Array[] {
    let made = NONE;
    const orders = this.seen;
    const n = orders.count();
    for (let i = 0; i < n; i++) {
      const edge = orders.at(i);
      const h = Math.imul(edge, 0x9e3779b1) >>> (32 - HASH_BITS);
      if (this.#settled[h] === edge) continue;
      const tries = this.#tries(edge, program);
      if (tries < 0) continue;
      const path = tries < TRIES ? this.#path(orders.to(edge), orders.from(edge)) : null;
      if (path === null) this.#settled[h] = edge;
      else made = [...made, ...this.#programs(this.#last.get(edge)!, path)];
    }
    return made;
  }

  /**
   * How many programs were tried for the order before this one; -1 if this one need not be tried.
   */
  #tries(edge: number, program: Int32Array): number {
    const last = this.#last.get(edge);
    // The same program under another schedule, or a merged program, which shows the order anyway.
    const same = last !== undefined &&
      (program[P_NOPS] > OPS_MAX || last.every((word, i) => word === program[i]));
    if (same) return -1;
    const copy = program.slice();
    this.#last.set(edge, copy);
    if (!this.#first.has(edge)) this.#first.set(edge, copy);
    const tries = this.#tried.get(edge) ?? 0;
    this.#tried.set(edge, tries + 1);
    return tries;
  }

  /**
   * The programs, merged in both orders, because the effects of one may prevent the order of the
   * other.
   */
  #programs(last: Int32Array, path: readonly number[]): Int32Array[] {
    const parts = [...new Set([last, ...path.map((e) => this.#first.get(e)!)])];
    // If one program shows the whole cycle, lockdep has judged it already.
    if (parts.length < 2 || parts.length > PARTS_MAX) return [];
    return [parts, parts.toReversed()].map((p) => combine(p, this.spec)).filter((p) => p !== null);
  }

  /** The shortest path of orders from one class to another, or null. */
  #path(from: number, to: number): number[] | null {
    const { from: edgeFrom, to: edgeTo } = this.seen;
    const came = new Map<number, number>();
    const front = [from];
    for (let c = front.shift(); c !== undefined; c = front.shift()) {
      for (const e of this.#first.keys()) {
        if (edgeFrom(e) !== c || came.has(edgeTo(e)) || edgeTo(e) === from) continue;
        came.set(edgeTo(e), e);
        front.push(edgeTo(e));
      }
    }
    if (!came.has(to)) return null;
    const path: number[] = [];
    for (let c = to; c !== from; c = edgeFrom(came.get(c)!)) path.unshift(came.get(c)!);
    return path;
  }
}
