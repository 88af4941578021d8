/**
 * Lock orders of different inputs, combined.
 *
 * Lockdep judges one execution, so a report replays from its input alone. The kernel's lockdep
 * never forgets, and finds cycles whose orders come from unrelated code; no random program contains
 * both. Therefore the campaign remembers the smallest input that showed each order. If a new order
 * closes a cycle of lock classes, the inputs that showed the orders of the cycle are merged into one,
 * and it is run. Lockdep then decides whether that is a deadlock.
 *
 * @module
 */
import type { LockOrdersSeen } from "../../machine/executor.ts";
import { OPS_MAX } from "../programs/append.ts";
import { combine, scheduleOfMore } from "../programs/combine.ts";
import type { PackedSpec } from "../programs/packed_spec.ts";
import { settle } from "../programs/settle.ts";
import { P_CPUS, P_NOPS, programEnd, scheduleEnd } from "../../prog/layout.ts";

/** An input that is made of others: a program, and its schedule if it has one. */
export interface Merged {
  readonly program: Int32Array;
  /** Null: any. */
  readonly schedule: Int32Array | null;
}

/** The usual result: no input. */
const NONE: Merged[] = [];
/** Bits of the hash that finds a known order without a look-up. */
const HASH_BITS = 12;

/**
 * Maximum of programs tried for each order that closes a cycle. A merged program may not show the
 * order.
 */
const TRIES = 16;
/** Maximum of programs that are merged. */
const PARTS_MAX = 3;

/** A copy of a program, settled. */
function atBoot(from: Int32Array, spec: PackedSpec): Int32Array {
  const w = from.slice();
  settle(w, spec);
  return w;
}

/** An input that showed an order. */
interface Shown {
  readonly program: Int32Array;
  /** Null: one that cannot be merged, because it names places in the program. */
  readonly schedule: Int32Array | null;
}

function copyOf(program: Int32Array, schedule: Int32Array | null): Shown {
  return {
    program: program.slice(0, programEnd(program)),
    schedule: schedule?.slice(0, scheduleEnd(schedule)) ?? null,
  };
}

/** The schedule of a part, for a program that has it. */
function scheduleOf({ program, schedule }: Shown, merged: Int32Array): Int32Array | null {
  return schedule && scheduleOfMore(schedule, program[P_CPUS], merged[P_CPUS]);
}

function sizeOf(program: Int32Array): number {
  return program[P_NOPS];
}

export class LockOrders {
  /** The smallest input that showed each order. */
  readonly #smallest = new Map<number, Shown>();

  /** For orders that close a cycle: the last program that showed it, and how many programs did. */
  readonly #last = new Map<number, Shown>();
  readonly #tried = new Map<number, number>();

  /**
   * Orders that need no more work, by hash, and the size of the smallest program that showed each. They
   * are looked up for every order of every execution.
   */
  readonly #settled = new Int32Array(1 << HASH_BITS).fill(-1);
  readonly #size = new Int32Array(1 << HASH_BITS);

  constructor(readonly spec: PackedSpec, readonly seen: LockOrdersSeen) {}

  /**
   * Read the lock orders of the last execution, which ran `program` under the numeric `schedule`, or
   * another one. Returns merged inputs to try; usually all orders are known and there is none.
   */
  note(program: Int32Array, schedule: Int32Array | null): Merged[] {
    let made = NONE;
    const orders = this.seen;
    const n = orders.count();
    for (let i = 0; i < n; i++) {
      const edge = orders.at(i);
      const h = Math.imul(edge, 0x9e3779b1) >>> (32 - HASH_BITS);
      if (this.#settled[h] === edge) {
        if (sizeOf(program) < this.#size[h]) {
          this.#size[h] = sizeOf(program);
          this.#smallest.set(edge, copyOf(program, schedule));
        }
        continue;
      }
      const tries = this.#tries(edge, program, schedule);
      if (tries < 0) continue;
      const path = tries < TRIES ? this.#path(orders.to(edge), orders.from(edge)) : null;
      if (path === null) {
        this.#settled[h] = edge;
        this.#size[h] = sizeOf(this.#smallest.get(edge)!.program);
      } else made = [...made, ...this.#inputs(this.#last.get(edge)!, path)];
    }
    return made;
  }

  /**
   * How many programs were tried for the order before this one; -1 if this one need not be tried.
   */
  #tries(edge: number, program: Int32Array, schedule: Int32Array | null): number {
    const last = this.#last.get(edge)?.program;
    // The same program under another schedule, or a merged program, which shows the order anyway.
    const same = last !== undefined &&
      (program[P_NOPS] > OPS_MAX || last.every((word, i) => word === program[i]));
    if (same) return -1;
    const shown = copyOf(program, schedule);
    this.#last.set(edge, shown);
    const smallest = this.#smallest.get(edge);
    if (smallest === undefined || sizeOf(program) < sizeOf(smallest.program)) {
      this.#smallest.set(edge, shown);
    }
    const tries = this.#tried.get(edge) ?? 0;
    this.#tried.set(edge, tries + 1);
    return tries;
  }

  /**
   * The inputs, merged. An order may need a schedule: each part in turn keeps its own, and the others
   * come one operation after the other at boot, before or after what this part does there. And all
   * parts run at the same time, in both orders, because the effects of one may prevent the order of the
   * other.
   */
  #inputs(last: Shown, path: readonly number[]): Merged[] {
    const parts = [...new Set([last, ...path.map((e) => this.#smallest.get(e)!)])];
    // If one program shows the whole cycle, lockdep has judged it already.
    if (parts.length < 2 || parts.length > PARTS_MAX) return [];
    const made: Merged[] = [];
    const add = (programs: readonly Int32Array[], lead?: Shown) => {
      const program = combine(programs, this.spec);
      if (program === null) return;
      made.push({ program, schedule: lead ? scheduleOf(lead, program) : null });
    };
    const programs = parts.map((p) => p.program);
    add(programs);
    add(programs.toReversed());
    for (const lead of parts) {
      const others = parts.filter((p) => p !== lead).map((p) => atBoot(p.program, this.spec));
      add([lead.program, ...others], lead);
      add([...others, lead.program], lead);
    }
    return made;
  }

  /** The shortest path of orders from one class to another, or null. */
  #path(from: number, to: number): number[] | null {
    const { from: edgeFrom, to: edgeTo } = this.seen;
    const came = new Map<number, number>();
    const front = [from];
    for (let c = front.shift(); c !== undefined; c = front.shift()) {
      for (const e of this.#smallest.keys()) {
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
