/**
 * The law of local statistics of each CPU (memcg_state_local, since v5.14). What a cgroup and its
 * descendants have together, `conservation` judges.
 *
 * @module
 */
import { config } from "../../machine/words/config.ts";
import { cellsAt, hasField, offsetOf, peekAt, typeNamed } from "../../machine/memory/peek.ts";
import { addressOf, indexAt, nextLive } from "../../machine/memory/slab.ts";
import type { StructType } from "../../machine/memory/struct_type.ts";
import {
  ITEMS,
  type KeptStats,
  keptStats,
  type ObjStock,
  objStocks,
} from "../accounts/obj_stocks.ts";
import { Cgroups, judgeOwn, type Laws, MEMCGS_MAX, NAMES, NODES, PARTS, sumOf } from "./cgroups.ts";

const EACH = ITEMS.length;
/** Counters of a cgroup: of each part the items. */
const COUNTERS = PARTS * EACH;

/** For each cgroup and counter: what CPUs have counted in it alone, and what stocks keep. */
const own = new Int32Array(MEMCGS_MAX * COUNTERS);

/** The places of the counters, of each CPU. */
function learnLocal(memcg: StructType): number[][] {
  const whole = cellsAt(memcg, "vmstats_percpu");
  const nodes = cellsAt(memcg, "lruvec_stats_percpu");
  const every = (cells: readonly number[], first: number, step: number) =>
    Array.from({ length: config.cpus }, (_, cpu) => cells[first + cpu * step]);
  const local = ITEMS.map((_, item) => every(whole, item, EACH));
  for (let k = 0; k < NODES * EACH; k++) local.push(every(nodes, k, NODES * EACH));
  return local;
}

export class Rstat implements Laws {
  readonly #cgroups: Cgroups;
  readonly #local: readonly (readonly number[])[];
  readonly #names: readonly string[];
  readonly #objStock: StructType;
  readonly #stocks: readonly ObjStock[];
  readonly #slots: KeptStats | null;
  readonly #node: StructType;
  readonly #owner: number;

  private constructor(memcg: StructType, objcg: StructType) {
    this.#cgroups = new Cgroups(memcg);
    this.#local = learnLocal(memcg);
    this.#names = this.#local.map((_, k) => `${ITEMS[k % EACH]} ${NAMES[Math.floor(k / EACH)]}`);
    this.#objStock = typeNamed("obj_stock_pcp") ?? typeNamed("memcg_stock_pcp")!;
    this.#stocks = objStocks(this.#objStock);
    this.#slots = keptStats(this.#objStock);
    this.#node = typeNamed("pglist_data")!;
    this.#owner = offsetOf(objcg, "memcg");
  }

  /** The law, if the kernel keeps its statistics so. */
  static of(memcg: StructType, objcg: StructType): Rstat | null {
    return hasField(memcg, "lruvec_stats_percpu") ? new Rstat(memcg, objcg) : null;
  }

  judge(): void {
    const cgroups = this.#cgroups;
    own.fill(0);
    const stock = this.#objStock;
    for (let i = nextLive(stock, 0); i >= 0; i = nextLive(stock, i + 1)) {
      this.#addStock(addressOf(stock, i));
    }
    const { memcg } = cgroups;
    for (let i = nextLive(memcg, 0); i >= 0; i = nextLive(memcg, i + 1)) {
      const a = addressOf(memcg, i);
      if (!cgroups.isOnline(a)) continue;
      const to = cgroups.inheritor(a) * COUNTERS;
      for (let k = 0; k < COUNTERS; k++) own[to + k] += sumOf(a, this.#local[k]);
    }
    for (let i = nextLive(memcg, 0); i >= 0; i = nextLive(memcg, i + 1)) {
      if (!cgroups.isJudged(addressOf(memcg, i))) continue;
      for (let k = 0; k < COUNTERS; k++) {
        judgeOwn(addressOf(memcg, i), own[i * COUNTERS + k], this.#names[k]);
      }
    }
  }

  countersOf(): number[] {
    return this.#local.flat();
  }

  /** Add what a stock has not passed on of an objcg, a node and an item. */
  #addStocked(o: number, node: number, item: number, n: number): void {
    const i = this.#cgroups.inheritor(peekAt(o, this.#owner)) * COUNTERS + item;
    own[i] += n;
    own[i + (1 + node) * EACH] += n;
  }

  #addStock(a: number): void {
    if (this.#slots !== null) return this.#addSlot(a, this.#slots);
    for (let k = 0; k < this.#stocks.length; k++) {
      const { kept, objcg, pgdat } = this.#stocks[k];
      const o = peekAt(a, objcg);
      const node = peekAt(a, pgdat);
      if (o === 0 || node === 0) continue;
      for (let item = 0; item < EACH; item++) {
        this.#addStocked(o, indexAt(this.#node, node), item, peekAt(a, kept[item]));
      }
    }
  }

  /** Of a stock with slots: the statistics are those of one of them. */
  #addSlot(a: number, { index, items, node }: KeptStats): void {
    const i = peekAt(a, index);
    if (i < 0) return;
    const o = peekAt(a, this.#stocks[i].objcg);
    for (let item = 0; item < EACH; item++) {
      this.#addStocked(o, peekAt(a, node), item, peekAt(a, items[item]));
    }
  }
}
