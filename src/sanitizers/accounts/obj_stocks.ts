/**
 * Where the object stocks of all kernels keep an objcg, its bytes, and since v5.14 its statistics.
 *
 * @module
 */
import * as percpu from "../../machine/layout/percpu.ts";
import * as readerWords from "../../machine/layout/readers.ts";
import { views } from "../../machine/words/arena.ts";
import { config } from "../../machine/words/config.ts";
import { cellsAt, hasField, offsetOf, typeNamed } from "../../machine/memory/peek.ts";
import type { StructType } from "../../machine/memory/struct_type.ts";

const { pcpu } = views();
const { PCPU_WORDS } = percpu;
const { READERS } = readerWords;

/** Bytes charged for each object besides its size (kernel/slab-hooks.ts). */
export const POINTER_BYTES = 8;
/** Items that are kept for each node, and the fields of a stock that keep their changes. */
export const ITEMS = ["nr_slab_reclaimable_b", "nr_slab_unreclaimable_b"];

/** The words of an object stock in the stock of a CPU. */
export interface ObjStock {
  readonly objcg: number;
  readonly bytes: number;
  /** Of what stocks keep of the statistics, since v5.14. */
  readonly pgdat: number;
  readonly kept: readonly number[];
}

/** Where an object stock with slots has the statistics that it keeps: of one slot and one node. */
export interface KeptStats {
  readonly index: number;
  readonly node: number;
  readonly items: readonly number[];
}

/** The slots of an object stock, since about v7.2: their bytes have 16 bits each. */
function objSlots(stock: StructType): ObjStock[] {
  const bytes = cellsAt(stock, "nr_bytes");
  return cellsAt(stock, "cached").map((objcg, i) => ({
    objcg,
    bytes: bytes[i],
    pgdat: -1,
    kept: [],
  }));
}

/** Where the statistics of a stock with slots are, if it has any. */
export function keptStats(stock: StructType): KeptStats | null {
  if (!hasField(stock, "stats_index")) return null;
  return {
    index: offsetOf(stock, "stats_index"),
    node: offsetOf(stock, "node_id"),
    items: ITEMS.map((item) => offsetOf(stock, item)),
  };
}

/** The object stocks in the stock of a CPU, or their slots. */
export function objStocks(stock: StructType): ObjStock[] {
  if (hasField(stock, "stats_index")) return objSlots(stock);
  const paths = hasField(stock, "task_obj") ? ["task_obj.", "irq_obj."] : [""];
  return paths.map((path) => {
    const type = path === "" ? stock : typeNamed("obj_stock")!;
    const keeps = hasField(type, "cached_pgdat");
    return {
      objcg: offsetOf(stock, `${path}cached_objcg`),
      bytes: offsetOf(stock, `${path}nr_bytes`),
      pgdat: keeps ? offsetOf(stock, `${path}cached_pgdat`) : -1,
      kept: keeps ? ITEMS.map((item) => offsetOf(stock, path + item)) : [],
    };
  });
}

/** Whether no CPU was stopped inside a read-side section; if one was, sums may not agree. */
export function undisturbed(): boolean {
  for (let c = 0; c < config.cpus; c++) if (pcpu[c * PCPU_WORDS + READERS] !== 0) return false;
  return true;
}
