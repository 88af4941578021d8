/**
 * The laws of statistics that CPUs keep in batches (memcg_vmstats, until v5.11).
 *
 * @module
 */
import { config } from "../../machine/words/config.ts";
import { oops } from "../../machine/findings/oops.ts";
import { cellsAt, hasField, nameAt, offsetOf, peekAt } from "../../machine/memory/peek.ts";
import { addressOf, nextLive } from "../../machine/memory/slab.ts";
import type { StructType } from "../../machine/memory/struct_type.ts";
import { POINTER_BYTES } from "../accounts/obj_stocks.ts";
import {
  Cgroups,
  judgeOwn,
  type Laws,
  MEMCGS_MAX,
  NAMES,
  NODES,
  PARTS,
  SUM,
  sumOf,
} from "./cgroups.ts";

const { cpus } = config;

/** For each cgroup and part: what objects account for, less what CPUs keep. */
const wanted = new Int32Array(MEMCGS_MAX * PARTS);
/** For each cgroup and part: what CPUs have counted in it alone. */
const own = new Int32Array(MEMCGS_MAX * PARTS);

export class Batched implements Laws {
  readonly #cgroups: Cgroups;
  /** Places of the counters of each part: hierarchical, kept by each CPU, local of each CPU. */
  readonly #total: readonly number[];
  readonly #kept: readonly (readonly number[])[];
  readonly #local: readonly (readonly number[])[];
  readonly #owner: number;
  readonly #objectObjcg: number;
  readonly #objectSize: number;
  readonly #objectNode: number;

  private constructor(memcg: StructType, readonly object: StructType, objcg: StructType) {
    this.#cgroups = new Cgroups(memcg);
    // Arrays have an element for each CPU; those of nodes, one node after the other.
    const parts = (whole: string, node: string) => {
      const nodes = cellsAt(memcg, node);
      const of = (nid: number) => nodes.slice(nid * cpus, (nid + 1) * cpus);
      return [cellsAt(memcg, whole), ...Array.from({ length: NODES }, (_, nid) => of(nid))];
    };
    this.#total = [offsetOf(memcg, "vmstats"), ...cellsAt(memcg, "lruvec_stat")];
    this.#kept = parts("vmstats_percpu", "lruvec_stat_cpu");
    this.#local = parts("vmstats_local", "lruvec_stat_local");
    this.#owner = offsetOf(objcg, "memcg");
    this.#objectObjcg = offsetOf(object, "objcg");
    this.#objectSize = offsetOf(object, "size");
    this.#objectNode = offsetOf(object, "nid");
  }

  /** The laws, if the kernel keeps its statistics so. */
  static of(memcg: StructType, object: StructType, objcg: StructType): Batched | null {
    return hasField(memcg, "lruvec_stat") ? new Batched(memcg, object, objcg) : null;
  }

  judge(): void {
    const cgroups = this.#cgroups;
    wanted.fill(0);
    own.fill(0);
    const { object } = this;
    for (let i = nextLive(object, 0); i >= 0; i = nextLive(object, i + 1)) {
      this.#addObject(addressOf(object, i));
    }
    const { memcg } = cgroups;
    for (let i = nextLive(memcg, 0); i >= 0; i = nextLive(memcg, i + 1)) {
      const a = addressOf(memcg, i);
      this.#takeKept(a);
      if (cgroups.isOnline(a)) this.#addOwn(a);
    }
    for (let i = nextLive(memcg, 0); i >= 0; i = nextLive(memcg, i + 1)) {
      const a = addressOf(memcg, i);
      if (!cgroups.isJudged(a)) continue;
      this.#judgeSums(a, i);
      for (let part = 0; part < PARTS; part++) judgeOwn(a, own[i * PARTS + part], NAMES[part]);
    }
  }

  countersOf(kind: number): number[] {
    return [...kind === SUM ? this.#total : this.#local.flat(), ...this.#kept.flat()];
  }

  #addUp(a: number, part: number, n: number): void {
    this.#cgroups.hierarchy.addUp(wanted, a, n, PARTS, part);
  }

  #addObject(a: number): void {
    const o = peekAt(a, this.#objectObjcg);
    if (o === 0) return;
    const size = peekAt(a, this.#objectSize) + POINTER_BYTES;
    const memcg = peekAt(o, this.#owner);
    this.#addUp(memcg, 0, size);
    this.#addUp(memcg, 1 + peekAt(a, this.#objectNode), size);
  }

  #takeKept(a: number): void {
    for (let part = 0; part < PARTS; part++) this.#addUp(a, part, -sumOf(a, this.#kept[part]));
  }

  #addOwn(a: number): void {
    const i = this.#cgroups.inheritor(a) * PARTS;
    // A CPU counts what it keeps of the cgroup as a whole once it passes it on; of a node, at once.
    own[i] += sumOf(a, this.#kept[0]);
    for (let part = 0; part < PARTS; part++) own[i + part] += sumOf(a, this.#local[part]);
  }

  #judgeSums(a: number, i: number): void {
    for (let part = 0; part < PARTS; part++) {
      const n = peekAt(a, this.#total[part]);
      const w = wanted[i * PARTS + part];
      if (n === w) continue;
      const detail = `${nameAt(a)} says ${n} bytes ${NAMES[part]}, besides what CPUs keep, ` +
        `but ${w} are accounted for`;
      oops(SUM, n - w, a, detail);
    }
  }
}
