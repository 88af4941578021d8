/**
 * 68ac5b3c8db2 ("mm/memcg: cache vmstat data in percpu memcg_stock_pcp"), v5.14.
 *
 * The stock keeps the statistics of its objcg on one node, and passes them on when they come to more
 * than a page, when the objcg changes, or the node; in the last case to the wrong one (B6).
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { array_load, array_store, atomic_add, xchg } from "../../machine/memory/access.ts";
import {
  drain_obj_stock,
  obj_cgroup_get,
  obj_cgroup_memcg,
  obj_cgroup_put,
} from "../memcontrol-objcg.ts";
import {
  memcg_stock,
  memcg_stock_lock,
  type obj_cgroup,
  type obj_stock,
  PAGE_SHIFT,
  PAGE_SIZE,
  this_cpu_ptr,
} from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { local_lock_irqsave, local_unlock_irqrestore } from "../spinlock.ts";
import { NR_SLAB_RECLAIMABLE_B, NR_SLAB_UNRECLAIMABLE_B, type pglist_data } from "../vmstat.ts";
import { obj_cgroup_uncharge_pages } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { mod_memcg_lruvec_state } from "./fdbcb2a6d677-mod-objcg-state.ts";
import { commit } from "./patch.ts";

/** mod_objcg_mlstate() Context: irqs off. */
export const mod_objcg_mlstate = kernel(
  "mod_objcg_mlstate",
  (objcg: obj_cgroup, pgdat: pglist_data, idx: number, nr: number): void => {
    rcu_read_lock();
    mod_memcg_lruvec_state(obj_cgroup_memcg(objcg)!, pgdat, idx, nr);
    rcu_read_unlock();
  },
);

/** Pass on what the stock keeps, to node `pgdat`. Part of mod_objcg_state(). */
export function flush_stats(stock: obj_stock, objcg: obj_cgroup, pgdat: pglist_data): void {
  if (stock.nr_slab_reclaimable_b) {
    mod_objcg_mlstate(objcg, pgdat, NR_SLAB_RECLAIMABLE_B, stock.nr_slab_reclaimable_b);
    stock.nr_slab_reclaimable_b = 0;
  }
  if (stock.nr_slab_unreclaimable_b) {
    mod_objcg_mlstate(objcg, pgdat, NR_SLAB_UNRECLAIMABLE_B, stock.nr_slab_unreclaimable_b);
    stock.nr_slab_unreclaimable_b = 0;
  }
}

/** Keep a change of the stock's own objcg and node. The end of mod_objcg_state(). */
export function cache_stat(
  stock: obj_stock,
  objcg: obj_cgroup,
  pgdat: pglist_data,
  idx: number,
  nr: number,
): void {
  const bytes = idx === NR_SLAB_RECLAIMABLE_B
    ? stock.$nr_slab_reclaimable_b
    : stock.$nr_slab_unreclaimable_b;
  // Even what is larger than a page is kept once.
  if (!array_load(bytes, 0)) {
    array_store(bytes, 0, nr);
    return;
  }
  array_store(bytes, 0, array_load(bytes, 0) + nr);
  if (Math.abs(array_load(bytes, 0)) <= PAGE_SIZE) return;
  const all = array_load(bytes, 0);
  array_store(bytes, 0, 0);
  mod_objcg_mlstate(objcg, pgdat, idx, all);
}

/** The middle of drain_obj_stock(), the same ever since: pages and bytes, then statistics. */
export function drain_bytes_and_stats(
  stock: obj_stock,
  old: obj_cgroup,
  uncharge_pages: (objcg: obj_cgroup, nr_pages: number) => void,
): void {
  if (stock.nr_bytes) {
    const nr_pages = stock.nr_bytes >>> PAGE_SHIFT;
    const nr_bytes = stock.nr_bytes & (PAGE_SIZE - 1);
    if (nr_pages) uncharge_pages(old, nr_pages);
    atomic_add(nr_bytes, old.$nr_charged_bytes);
    stock.nr_bytes = 0;
  }
  if (stock.nr_slab_reclaimable_b || stock.nr_slab_unreclaimable_b) {
    if (stock.nr_slab_reclaimable_b) {
      mod_objcg_mlstate(
        old,
        stock.cached_pgdat!,
        NR_SLAB_RECLAIMABLE_B,
        stock.nr_slab_reclaimable_b,
      );
      stock.nr_slab_reclaimable_b = 0;
    }
    if (stock.nr_slab_unreclaimable_b) {
      mod_objcg_mlstate(
        old,
        stock.cached_pgdat!,
        NR_SLAB_UNRECLAIMABLE_B,
        stock.nr_slab_unreclaimable_b,
      );
      stock.nr_slab_unreclaimable_b = 0;
    }
    stock.cached_pgdat = null;
  }
}

export default commit({
  commit: "68ac5b3c8db2",
  subject: "mm/memcg: cache vmstat data in percpu memcg_stock_pcp",
  version: "v5.14",
  brings: ["B6"],
  needs: ["e74d225910ec", "fdbcb2a6d677"],
  adds: ["mod_objcg_mlstate"],
}, {
  mod_objcg_state(objcg: obj_cgroup, pgdat: pglist_data, idx: number, nr: number): void {
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (stock.cached_objcg !== objcg) {
      drain_obj_stock(stock);
      obj_cgroup_get(objcg);
      stock.nr_bytes = xchg(objcg.$nr_charged_bytes, 0);
      stock.cached_objcg = objcg;
      stock.cached_pgdat = pgdat;
    } else if (stock.cached_pgdat !== pgdat) {
      flush_stats(stock, objcg, pgdat);
      stock.cached_pgdat = pgdat;
    }
    cache_stat(stock, objcg, pgdat, idx, nr);
    local_unlock_irqrestore(memcg_stock_lock, flags);
  },

  drain_obj_stock(stock: obj_stock): void {
    const old = stock.cached_objcg;
    if (!old) return;
    drain_bytes_and_stats(stock, old, obj_cgroup_uncharge_pages);
    obj_cgroup_put(old);
    stock.cached_objcg = null;
  },
});
