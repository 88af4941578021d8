/**
 * "memcg: multi objcg charge support", with the three patches before it, of v7.2: version 3 of 26 May 2026,
 * which 7.2.13 has. Its commit in Linus' tree is not known here, so it is named for what it does.
 *
 * The object stock of a CPU has five slots, each with the bytes of another objcg. A slot's bytes have 16
 * bits, so whoever puts bytes in adds them up in a wider variable first. The statistics that the stock
 * keeps are those of one slot and one node. Whoever looks at another CPU's stock loads the pointers inside
 * of the RCU section (the end of B16), and a full stock drains its slots by turns.
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { config } from "../../machine/words/config.ts";
import {
  array_load,
  array_store,
  atomic_add,
  pointer_element,
  READ_ONCE,
  WRITE_ONCE,
} from "../../machine/memory/access.ts";
import { init_memcg } from "../memcontrol-css.ts";
import { obj_cgroup_get, obj_cgroup_memcg, obj_cgroup_put } from "../memcontrol-objcg.ts";
import { mem_cgroup_is_descendant } from "../memcontrol.ts";
import {
  type mem_cgroup,
  memcg_stock,
  NR_OBJ_STOCK,
  type obj_cgroup,
  type obj_slots_pcp,
  obj_stock,
  PAGE_SHIFT,
  PAGE_SIZE,
} from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import {
  init_nodes,
  NODE_DATA,
  NR_SLAB_RECLAIMABLE_B,
  NUMA_NO_NODE,
  type pglist_data,
} from "../vmstat.ts";
import { INIT_WORK } from "../workqueue.ts";
import { take_charged_bytes } from "./5387c90490f7-improve-refill-obj-stock.ts";
import { refill_obj_stock_of } from "./52af721b9421-split-charges-and-statistics.ts";
import { flush_stats, mod_objcg_mlstate } from "./68ac5b3c8db2-cache-vmstat-in-stock.ts";
import { uncharge_pages_directly } from "./89f342af6603-memcg-uncharge.ts";
import {
  drain_local_memcg_stock,
  drain_local_obj_stock,
} from "./c80509ef65e4-decouple-memcg-and-obj-stocks.ts";
import { coming, retyped } from "./patch.ts";

export const U16_MAX = 0xffff;
export const S16_MAX = 0x7fff;

/** A stock that this context has locked; NULL if it could not. */
type Stock = obj_slots_pcp | null;

/** Of `stats_index`: no slot's statistics are kept. */
const NO_SLOT = -1;

/** The objcg of slot `i`: READ_ONCE(stock->cached[i]). */
const cached_at = (stock: obj_slots_pcp, i: number): obj_cgroup | null =>
  READ_ONCE(pointer_element(stock.$cached, i));

/** A store to stock->nr_bytes[i], which has 16 bits. */
const set_bytes = (stock: obj_slots_pcp, i: number, n: number): void =>
  array_store(stock.$nr_bytes, i, n & U16_MAX);

/** Whose statistics are passed on when another slot, or node, wants to keep its own. */
type Owner = (stock: obj_slots_pcp, objcg: obj_cgroup) => obj_cgroup;

/** That of the slot that the statistics belong to. */
export const owner_of_stats: Owner = (stock) => cached_at(stock, stock.stats_index)!;

/** Whether the stock keeps a sum, if it has kept `bytes` until now; else the statistics get it. */
type Keeps = (sum: number, bytes: number) => boolean;

/** As version 3 has it: what fits into 16 bits, at least once, and up to a page. */
const keeps_what_fits: Keeps = (sum, bytes) =>
  Math.abs(sum) <= S16_MAX && (!bytes || Math.abs(sum) <= PAGE_SIZE);

/** The body of __account_obj_stock(). Context: the stock's lock, if there is a stock. */
function account_slot(
  objcg: obj_cgroup,
  stock: Stock,
  nr: number,
  pgdat: pglist_data,
  idx: number,
  owner: Owner,
  keeps: Keeps,
): void {
  let i = 0;
  if (stock) { while (i < NR_OBJ_STOCK && cached_at(stock, i) !== objcg) i++; }
  if (!stock || i === NR_OBJ_STOCK) {
    mod_objcg_mlstate(objcg, pgdat, idx, nr);
    return;
  }
  if (stock.stats_index < 0) {
    stock.stats_index = i;
    stock.node_id = pgdat.node_id;
  } else if (stock.stats_index !== i || stock.node_id !== pgdat.node_id) {
    flush_stats(stock, owner(stock, objcg), NODE_DATA(stock.node_id));
    stock.stats_index = i;
    stock.node_id = pgdat.node_id;
  }
  const bytes = idx === NR_SLAB_RECLAIMABLE_B
    ? stock.$nr_slab_reclaimable_b
    : stock.$nr_slab_unreclaimable_b;
  nr += array_load(bytes, 0);
  if (keeps(nr, array_load(bytes, 0))) {
    array_store(bytes, 0, nr << 16 >> 16); // int16_t
  } else {
    array_store(bytes, 0, 0);
    if (nr) mod_objcg_mlstate(objcg, pgdat, idx, nr);
  }
}

/** __account_obj_stock() */
export const accounting = (owner: Owner = owner_of_stats, keeps: Keeps = keeps_what_fits) =>
(
  objcg: obj_cgroup,
  stock: Stock,
  nr: number,
  pgdat: pglist_data,
  idx: number,
): void => account_slot(objcg, stock, nr, pgdat, idx, owner, keeps);

/** drain_obj_stock_stats() Context: the stock's lock, or the CPU is dead. */
export const drain_obj_stock_stats = kernel(
  "drain_obj_stock_stats",
  (stock: obj_slots_pcp): void => {
    if (stock.stats_index < 0) return;
    flush_stats(stock, owner_of_stats(stock, null!), NODE_DATA(stock.node_id));
    stock.stats_index = NO_SLOT;
    stock.node_id = NUMA_NO_NODE;
  },
);

/** drain_obj_stock_slot() Context: as above. */
export const drain_obj_stock_slot = kernel(
  "drain_obj_stock_slot",
  (stock: obj_slots_pcp, i: number): void => {
    const old = cached_at(stock, i);
    if (!old) return;
    if (array_load(stock.$nr_bytes, i)) {
      const nr_pages = array_load(stock.$nr_bytes, i) >>> PAGE_SHIFT;
      const nr_bytes = array_load(stock.$nr_bytes, i) & (PAGE_SIZE - 1);
      if (nr_pages) uncharge_pages_directly(old, nr_pages);
      atomic_add(nr_bytes, old.$nr_charged_bytes);
      set_bytes(stock, i, 0);
    }
    if (stock.stats_index === i) drain_obj_stock_stats(stock);
    WRITE_ONCE(pointer_element(stock.$cached, i), null);
    obj_cgroup_put(old);
  },
);

/** Of find_slot(): every slot has another objcg. */
const FULL = 2 * NR_OBJ_STOCK;

/** The slot that has the objcg; else NR_OBJ_STOCK and the first empty one. Part of __refill_obj_stock(). */
function find_slot(stock: obj_slots_pcp, objcg: obj_cgroup): number {
  let empty_slot = NR_OBJ_STOCK;
  for (let i = 0; i < NR_OBJ_STOCK; i++) {
    const cached = cached_at(stock, i);
    if (cached === objcg) return i;
    if (!cached && empty_slot === NR_OBJ_STOCK) empty_slot = i;
  }
  return NR_OBJ_STOCK + empty_slot;
}

/** The next slot in turn, drained. Part of __refill_obj_stock(). */
function make_room(stock: obj_slots_pcp): number {
  const slot = stock.drain_idx++;
  if (stock.drain_idx === NR_OBJ_STOCK) stock.drain_idx = 0;
  drain_obj_stock_slot(stock, slot);
  return slot;
}

/** The bytes that are parked on an objcg, as far as the variable that takes them is wide. */
type Take = (objcg: obj_cgroup) => number;
/** How many bytes a slot may hold even if nothing may be uncharged. */
const MOST = U16_MAX;

/** The middle of __refill_obj_stock(): the pages that are left over. Context: the stock's lock. */
function refill_slot(
  objcg: obj_cgroup,
  stock: obj_slots_pcp,
  nr_bytes: number,
  allow_uncharge: boolean,
  take: Take,
  most: number,
): number {
  let slot = find_slot(stock, objcg);
  let stock_nr_bytes: number;
  if (slot >= NR_OBJ_STOCK) {
    slot = slot === FULL ? make_room(stock) : slot - NR_OBJ_STOCK;
    obj_cgroup_get(objcg);
    stock_nr_bytes = take(objcg);
    WRITE_ONCE(pointer_element(stock.$cached, slot), objcg);
    allow_uncharge = true; // as the objcg changes
  } else {
    stock_nr_bytes = array_load(stock.$nr_bytes, slot);
  }
  stock_nr_bytes += nr_bytes;
  let nr_pages = 0;
  if ((allow_uncharge && stock_nr_bytes > PAGE_SIZE) || stock_nr_bytes > most) {
    nr_pages = stock_nr_bytes >>> PAGE_SHIFT;
    stock_nr_bytes &= PAGE_SIZE - 1;
  }
  set_bytes(stock, slot, stock_nr_bytes);
  return nr_pages;
}

/** __refill_obj_stock() */
export const refilling = (take: Take = take_charged_bytes, most: number = MOST) =>
(
  objcg: obj_cgroup,
  stock: Stock,
  nr_bytes: number,
  allow_uncharge: boolean,
): void =>
  refill_obj_stock_of(
    objcg,
    stock,
    nr_bytes,
    allow_uncharge,
    (o, s, n, allow) => refill_slot(o, s, n, allow, take, most),
  );

/** The stocks as they are defined: no statistics are kept yet. */
function init_stocks(): void {
  init_nodes();
  for (let cpu = 0; cpu < config.cpus; cpu++) {
    const stock = obj_stock[cpu] as obj_slots_pcp;
    stock.stats_index = NO_SLOT;
    stock.node_id = NUMA_NO_NODE;
    INIT_WORK(memcg_stock[cpu].work, drain_local_memcg_stock);
    INIT_WORK(stock.work, drain_local_obj_stock);
  }
}

export default coming({
  name: "objcg_slots",
  subject: "memcg: multi objcg charge support",
  link: "https://lore.kernel.org/r/20260526033931.1760588-1-shakeel.butt@linux.dev",
  version: "v7.2",
  fixes: ["B16"],
  needs: ["5387c90490f7", "52af721b9421", "68ac5b3c8db2", "89f342af6603", "c80509ef65e4"]
    .concat("01b9da291c49"),
  adds: ["drain_obj_stock_slot", "drain_obj_stock_stats"],
}, {
  mem_cgroup_init: (): void => init_memcg(init_stocks),

  __account_obj_stock: accounting(),

  __consume_obj_stock(objcg: obj_cgroup, stock: obj_slots_pcp, nr_bytes: number): boolean {
    for (let i = 0; i < NR_OBJ_STOCK; i++) {
      if (cached_at(stock, i) !== objcg) continue;
      if (array_load(stock.$nr_bytes, i) < nr_bytes) return false;
      set_bytes(stock, i, array_load(stock.$nr_bytes, i) - nr_bytes);
      return true;
    }
    return false;
  },

  drain_obj_stock(stock: obj_slots_pcp): void {
    for (let i = 0; i < NR_OBJ_STOCK; i++) drain_obj_stock_slot(stock, i);
  },

  obj_stock_flush_required: retyped((stock: obj_slots_pcp, root_memcg: mem_cgroup): boolean => {
    let flush = false;
    rcu_read_lock();
    for (let i = 0; i < NR_OBJ_STOCK; i++) {
      const objcg = cached_at(stock, i);
      if (!objcg) continue;
      const memcg = obj_cgroup_memcg(objcg);
      if (memcg && mem_cgroup_is_descendant(memcg, root_memcg)) {
        flush = true;
        break;
      }
    }
    rcu_read_unlock();
    return flush;
  }),

  __refill_obj_stock: refilling(),
});
