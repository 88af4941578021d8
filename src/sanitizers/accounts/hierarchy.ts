/**
 * Which cgroup is above which, for laws that add up what a cgroup and its descendants have.
 *
 * On the default hierarchy the cgroups say that, whatever a kernel has made of their counters. On a
 * cgroup1 hierarchy, until v5.11, a cgroup need not be accounted below the one that it is in; there the
 * counters say it.
 *
 * @module
 */
import { hasField, offsetOf, peekAt, typeNamed } from "../../machine/memory/peek.ts";
import { addressOf, indexAt } from "../../machine/memory/slab.ts";
import type { StructType } from "../../machine/memory/struct_type.ts";

/** Levels of cgroups: there are no more than cgroups. */
const LEVELS_MAX = 64;

export class Hierarchy {
  readonly #cgroups: number;
  readonly #counters: number;
  /** The address of what says that the controller is on a cgroup1 hierarchy; 0 if it makes no difference. */
  readonly #key: number = 0;
  readonly #cgroup1: number = 0;

  constructor(readonly memcg: StructType) {
    this.#cgroups = offsetOf(memcg, "css.parent");
    this.#counters = offsetOf(memcg, "memory.parent");
    const key = typeNamed("memory_cgrp_subsys_key");
    if (key === undefined || !hasField(memcg, "use_hierarchy")) return;
    this.#key = addressOf(key, 0);
    this.#cgroup1 = offsetOf(key, "cgroup1");
  }

  /** The place of the pointer to what is above, or into it. */
  get #above(): number {
    const isCgroup1 = this.#key !== 0 && peekAt(this.#key, this.#cgroup1) !== 0;
    return isCgroup1 ? this.#counters : this.#cgroups;
  }

  /** The cgroup above the one at `a`, or 0. */
  parentOf(a: number): number {
    const above = peekAt(a, this.#above);
    return above === 0 ? 0 : addressOf(this.memcg, indexAt(this.memcg, above));
  }

  /**
   * Add `n` to the sums of the cgroup at `a` and of all above: those of a cgroup are `step` numbers, and
   * the one at `from` is meant.
   */
  addUp(sums: Int32Array, a: number, n: number, step = 1, from = 0): void {
    const { memcg } = this;
    const above = this.#above;
    let m = a;
    // A corrupt parent may lead anywhere, and round in a circle.
    for (let left = LEVELS_MAX; m !== 0 && left > 0; left--) {
      const i = indexAt(memcg, m);
      sums[i * step + from] += n;
      m = peekAt(addressOf(memcg, i), above);
    }
  }
}
