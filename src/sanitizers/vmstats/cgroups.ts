/**
 * What the laws of statistics need of the cgroups, and what they say if one is broken.
 *
 * @module
 */
import { oops, oopsKind } from "../../machine/findings/oops.ts";
import { bitsOf, nameAt, offsetOf, peekAt } from "../../machine/memory/peek.ts";
import { indexAt } from "../../machine/memory/slab.ts";
import type { StructType } from "../../machine/memory/struct_type.ts";
import { Hierarchy } from "../accounts/hierarchy.ts";

export const SUM = oopsKind(
  "vmstats",
  "vmstats",
  () => "slab statistics of a cgroup do not add up",
);
export const LOCAL = oopsKind("vmstats-local", "vmstats", () => "local slab statistics below zero");

/** Counters are of the cgroup as a whole, then of its part of each node. */
export const PARTS = 3;
export const NODES = PARTS - 1;
export const MEMCGS_MAX = 64;
/** Which counter, for a report. */
export const NAMES = ["of slab objects", "of slab objects of node 0", "of slab objects of node 1"];

/** The index of the root, which is made first. */
const ROOT = 0;

/** The laws of kernels that keep their statistics in one way. */
export interface Laws {
  /** Judge them. Context: the books are closed. */
  judge(): void;
  /** Places of the counters of a cgroup that are added up for a finding. */
  countersOf(kind: number): number[];
}

/** The counters of all CPUs of the cgroup at `a`. */
export function sumOf(a: number, cells: readonly number[]): number {
  let n = 0;
  for (let c = 0; c < cells.length; c++) n += peekAt(a, cells[c]);
  return n;
}

/** Complain about a local counter below zero. */
export function judgeOwn(a: number, n: number, which: string): void {
  if (n < 0) oops(LOCAL, n, a, `${nameAt(a)} has ${n} bytes ${which} of its own`);
}

export class Cgroups {
  readonly hierarchy: Hierarchy;
  readonly #flags: number;
  readonly #online: number;
  readonly #dying: number;

  constructor(readonly memcg: StructType) {
    this.hierarchy = new Hierarchy(memcg);
    this.#flags = offsetOf(memcg, "css.flags");
    this.#online = bitsOf(memcg, "css.flags", "CSS_ONLINE");
    this.#dying = bitsOf(memcg, "css.flags", "CSS_DYING");
  }

  isOnline(a: number): boolean {
    return (peekAt(a, this.#flags) & this.#online) !== 0;
  }

  isDying(a: number): boolean {
    return (peekAt(a, this.#flags) & this.#dying) !== 0;
  }

  /** Whether the counters of the cgroup are judged. */
  isJudged(a: number): boolean {
    return this.isOnline(a) && !this.isDying(a);
  }

  /**
   * The index of the cgroup whose the local counters of one that is online are: those of one that is dying
   * go to its parent, and until then others may have counted there already.
   */
  inheritor(a: number): number {
    let m = a;
    for (let left = MEMCGS_MAX; m !== 0 && this.isDying(m) && left > 0; left--) {
      m = this.hierarchy.parentOf(m);
    }
    return m === 0 ? ROOT : indexAt(this.memcg, m);
  }
}
