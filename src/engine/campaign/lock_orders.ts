/**
 * Orders of locks seen in different inputs, put together.
 *
 * Lockdep judges one execution, so that what it reports replays from its input alone. The kernel's
 * never forgets, and finds cycles whose parts have nothing to do with each other: nobody comes upon
 * both in one random program. So the campaign remembers the first program that showed each order,
 * and when a new one closes a cycle of classes, it makes one program of all that are in it. Whether
 * that is a deadlock, lockdep says when it runs.
 *
 * @module
 */
import type { LockOrdersSeen } from "../../machine/executor.ts";
import { OPS_MAX } from "../programs/mutate.ts";
import type { WordSpec } from "../programs/repair.ts";
import { LIMITS } from "../../prog/types.ts";
import * as layout from "../../prog/layout.ts";

const { OP_ARGS, OP_CPU, OP_ID, OP_RESULT, OP_WORDS, P_CPUS, P_NOPS, P_OPS, P_SLOTS } = layout;

/** No program is made, in the usual case. */
const NONE: Int32Array[] = [];
/** Bits of the hash by which orders are recognised before they are looked up. */
const HASH_BITS = 12;

/** Programs tried for each order that closes a cycle: not all show it in what they are combined to. */
const TRIES = 16;
/** Programs in one cycle at most. */
const PARTS_MAX = 3;

/** Copy the operations of `from` to the end of `to`: those before the schedule, or the others. */
function append(to: Int32Array, from: Int32Array, boot: boolean, shift: number, spec: WordSpec) {
  const fixed = spec.predefined.length;
  for (let i = 0; i < from[P_NOPS]; i++) {
    const src = P_OPS + i * OP_WORDS;
    if ((from[src + OP_CPU] < 0) !== boot) continue;
    const o = P_OPS + to[P_NOPS]++ * OP_WORDS;
    for (let k = 0; k < OP_WORDS; k++) to[o + k] = from[src + k];
    if (to[o + OP_RESULT] >= fixed) to[o + OP_RESULT] += shift;
    for (let k = 0; k < LIMITS.args; k++) {
      const isRef = spec.refs[from[src + OP_ID] * LIMITS.args + k] >= 0;
      if (isRef && to[o + OP_ARGS + k] >= fixed) to[o + OP_ARGS + k] += shift;
    }
  }
}

/**
 * One program of several: what each does before the schedule, then what each does on its CPUs, with
 * names of their own. Null if it is too large.
 */
export function combine(parts: readonly Int32Array[], spec: WordSpec): Int32Array | null {
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
  /** The first program that showed an order, by its packed form. */
  readonly #first = new Map<number, Int32Array>();

  /** The last that did, and how many did, of orders that close a cycle. */
  readonly #last = new Map<number, Int32Array>();
  readonly #tried = new Map<number, number>();

  /** Orders of which no more is asked, by hash: this is done for every order of every execution. */
  readonly #settled = new Int32Array(1 << HASH_BITS).fill(-1);

  constructor(readonly spec: WordSpec, readonly seen: LockOrdersSeen) {}

  /**
   * Look at the orders of the last execution, which was of `program`; returns programs to try, none
   * in the usual case that all are known.
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

  /** How often the order was tried before this program, or -1 if this one need not be. */
  #tries(edge: number, program: Int32Array): number {
    const last = this.#last.get(edge);
    // The same under another schedule, or one that was combined and shows it of course.
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

  /** The programs in both orders: what one leaves behind may be in the other's way. */
  #programs(last: Int32Array, path: readonly number[]): Int32Array[] {
    const parts = [...new Set([last, ...path.map((e) => this.#first.get(e)!)])];
    // One program that shows all of it was judged by lockdep already.
    if (parts.length < 2 || parts.length > PARTS_MAX) return [];
    return [parts, parts.toReversed()].map((p) => combine(p, this.spec)).filter((p) => p !== null);
  }

  /** Orders that lead from one class to another, the shortest way; or null. */
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
