/**
 * 5387c90490f7 ("mm/memcg: improve refill_obj_stock() performance"), v5.14.
 *
 * A full stock is not drained: what is more than a page is uncharged, after the stock was left, and only
 * if the caller allows it. Bytes parked on the objcg are only taken if there are any.
 *
 * @module
 */
import { atomic_read, xchg } from "../../machine/memory/access.ts";
import type { gfp_t } from "../errno.ts";
import {
  consume_obj_stock,
  drain_obj_stock,
  obj_cgroup_get,
  refill_obj_stock,
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
import { local_lock_irqsave, local_unlock_irqrestore } from "../spinlock.ts";
import type { pglist_data } from "../vmstat.ts";
import { cache_stat, flush_stats } from "./68ac5b3c8db2-cache-vmstat-in-stock.ts";
import {
  obj_cgroup_charge_pages,
  obj_cgroup_uncharge_pages,
} from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

/** The bytes that are parked on an objcg, if there are any. */
export function take_charged_bytes(objcg: obj_cgroup): number {
  return atomic_read(objcg.$nr_charged_bytes) ? xchg(objcg.$nr_charged_bytes, 0) : 0;
}

/** Cut off what is more than a page: the pages. The middle of refill_obj_stock(). */
export function cut_pages(stock: obj_stock): number {
  if (stock.nr_bytes <= PAGE_SIZE) return 0;
  const nr_pages = stock.nr_bytes >>> PAGE_SHIFT;
  stock.nr_bytes &= PAGE_SIZE - 1;
  return nr_pages;
}

export default commit({
  commit: "5387c90490f7",
  subject: "mm/memcg: improve refill_obj_stock() performance",
  version: "v5.14",
  fixes: ["S11"],
  needs: ["68ac5b3c8db2", "e74d225910ec"],
}, {
  mod_objcg_state(objcg: obj_cgroup, pgdat: pglist_data, idx: number, nr: number): void {
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (stock.cached_objcg !== objcg) {
      drain_obj_stock(stock);
      obj_cgroup_get(objcg);
      stock.nr_bytes = take_charged_bytes(objcg);
      stock.cached_objcg = objcg;
      stock.cached_pgdat = pgdat;
    } else if (stock.cached_pgdat !== pgdat) {
      flush_stats(stock, objcg, pgdat);
      stock.cached_pgdat = pgdat;
    }
    cache_stat(stock, objcg, pgdat, idx, nr);
    local_unlock_irqrestore(memcg_stock_lock, flags);
  },

  refill_obj_stock(objcg: obj_cgroup, nr_bytes: number, allow_uncharge: boolean): void {
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (stock.cached_objcg !== objcg) { // reset if necessary
      drain_obj_stock(stock);
      obj_cgroup_get(objcg);
      stock.cached_objcg = objcg;
      stock.nr_bytes = take_charged_bytes(objcg);
      allow_uncharge = true;
    }
    stock.nr_bytes += nr_bytes;
    const nr_pages = allow_uncharge ? cut_pages(stock) : 0;
    local_unlock_irqrestore(memcg_stock_lock, flags);
    if (nr_pages) obj_cgroup_uncharge_pages(objcg, nr_pages);
  },

  obj_cgroup_charge(objcg: obj_cgroup, gfp: gfp_t, size: number): number {
    if (consume_obj_stock(objcg, size)) return 0;
    let nr_pages = size >>> PAGE_SHIFT;
    const nr_bytes = size & (PAGE_SIZE - 1);
    if (nr_bytes) nr_pages += 1;
    const ret = obj_cgroup_charge_pages(objcg, gfp, nr_pages);
    if (!ret && nr_bytes) refill_obj_stock(objcg, PAGE_SIZE - nr_bytes, false);
    return ret;
  },

  obj_cgroup_uncharge: (objcg: obj_cgroup, size: number): void =>
    refill_obj_stock(objcg, size, true),
});
