/**
 * 567511462387 ("mm/memcg: protect memcg_stock with a local_lock_t"), v5.18.
 *
 * The stock has a lock by name, which PREEMPT_RT and lockdep know of. drain_obj_stock() hands out the
 * objcg that was cached, to be put after the lock is gone: its release takes sleeping locks, and may
 * want the stock.
 *
 * @module
 */
import { prototype } from "../../machine/calls/prototype.ts";
import { clear_bit } from "../../machine/memory/access.ts";
import { config } from "../../machine/words/config.ts";
import "../memcontrol-objcg.ts";
import { obj_cgroup_get, obj_cgroup_put } from "../memcontrol-objcg.ts";
import { drain_stock } from "../memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  type mem_cgroup,
  MEMCG_CHARGE_BATCH,
  memcg_stock,
  type obj_cgroup,
  type obj_stock,
  this_cpu_ptr,
} from "../memcontrol-types.ts";
import {
  DEFINE_LOCAL_LOCK,
  DEFINE_LOCAL_TRYLOCK,
  local_lock_irqsave,
  local_unlock_irqrestore,
} from "../spinlock.ts";
import { has } from "../version.ts";
import type { pglist_data } from "../vmstat.ts";
import { cut_pages, take_charged_bytes } from "./5387c90490f7-improve-refill-obj-stock.ts";
import {
  cache_stat,
  drain_bytes_and_stats,
  flush_stats,
} from "./68ac5b3c8db2-cache-vmstat-in-stock.ts";
import { __refill_stock, uncharge_pages_locked } from "./af9a3b69e84b-opencode-uncharge-pages.ts";
import { obj_cgroup_uncharge_pages } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

/** memcg_stock.stock_lock; since 01d37228d331 (v6.15) it can be tried. */
export const stock_lock = (has("01d37228d331") ? DEFINE_LOCAL_TRYLOCK : DEFINE_LOCAL_LOCK)(
  "memcg_stock.stock_lock",
  config.cpus,
);

/** Since 567511462387 it returns what was cached; the caller puts it, outside of the lock. */
export const drain_obj_stock = prototype<(stock: obj_stock) => obj_cgroup | null>(
  "drain_obj_stock",
  1,
);

export default commit({
  commit: "567511462387",
  subject: "mm/memcg: protect memcg_stock with a local_lock_t",
  version: "v5.18",
  fixes: ["B8", "S4"],
  needs: ["5387c90490f7", "68ac5b3c8db2", "af9a3b69e84b", "e74d225910ec", "fead2b869764"],
}, {
  consume_stock(memcg: mem_cgroup, nr_pages: number): boolean {
    let ret = false;
    if (nr_pages > MEMCG_CHARGE_BATCH) return ret;
    const flags = local_lock_irqsave(stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (memcg === stock.cached && stock.nr_pages >= nr_pages) {
      stock.nr_pages -= nr_pages;
      ret = true;
    }
    local_unlock_irqrestore(stock_lock, flags);
    return ret;
  },

  refill_stock(memcg: mem_cgroup, nr_pages: number): void {
    const flags = local_lock_irqsave(stock_lock);
    __refill_stock(memcg, nr_pages);
    local_unlock_irqrestore(stock_lock, flags);
  },

  drain_local_stock(_dummy: unknown): void {
    const flags = local_lock_irqsave(stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    const old = drain_obj_stock(stock);
    drain_stock(stock);
    clear_bit(FLUSHING_CACHED_CHARGE, stock.$flags);
    local_unlock_irqrestore(stock_lock, flags);
    if (old) obj_cgroup_put(old);
  },

  mod_objcg_state(objcg: obj_cgroup, pgdat: pglist_data, idx: number, nr: number): void {
    let old: obj_cgroup | null = null;
    const flags = local_lock_irqsave(stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (stock.cached_objcg !== objcg) {
      old = drain_obj_stock(stock);
      obj_cgroup_get(objcg);
      stock.nr_bytes = take_charged_bytes(objcg);
      stock.cached_objcg = objcg;
      stock.cached_pgdat = pgdat;
    } else if (stock.cached_pgdat !== pgdat) {
      flush_stats(stock, objcg, stock.cached_pgdat!);
      stock.cached_pgdat = pgdat;
    }
    cache_stat(stock, objcg, pgdat, idx, nr);
    local_unlock_irqrestore(stock_lock, flags);
    if (old) obj_cgroup_put(old);
  },

  consume_obj_stock(objcg: obj_cgroup, nr_bytes: number): boolean {
    let ret = false;
    const flags = local_lock_irqsave(stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (objcg === stock.cached_objcg && stock.nr_bytes >= nr_bytes) {
      stock.nr_bytes -= nr_bytes;
      ret = true;
    }
    local_unlock_irqrestore(stock_lock, flags);
    return ret;
  },

  drain_obj_stock(stock: obj_stock): obj_cgroup | null {
    const old = stock.cached_objcg;
    if (!old) return null;
    drain_bytes_and_stats(stock, old, uncharge_pages_locked);
    stock.cached_objcg = null;
    return old;
  },

  refill_obj_stock(objcg: obj_cgroup, nr_bytes: number, allow_uncharge: boolean): void {
    let old: obj_cgroup | null = null;
    const flags = local_lock_irqsave(stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (stock.cached_objcg !== objcg) { // reset if necessary
      old = drain_obj_stock(stock);
      obj_cgroup_get(objcg);
      stock.cached_objcg = objcg;
      stock.nr_bytes = take_charged_bytes(objcg);
      allow_uncharge = true;
    }
    stock.nr_bytes += nr_bytes;
    const nr_pages = allow_uncharge ? cut_pages(stock) : 0;
    local_unlock_irqrestore(stock_lock, flags);
    if (old) obj_cgroup_put(old);
    if (nr_pages) obj_cgroup_uncharge_pages(objcg, nr_pages);
  },
});
