/**
 * af9a3b69e84b ("mm/memcg: opencode the inner part of obj_cgroup_uncharge_pages() in
 * drain_obj_stock()"), v5.18.
 *
 * drain_obj_stock() is called with the stock's lock held, so it puts pages into the page stock without
 * taking that lock again.
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { css_get, css_put } from "../cgroup.ts";
import { obj_cgroup_put } from "../memcontrol-objcg.ts";
import { drain_stock } from "../memcontrol.ts";
import {
  type mem_cgroup,
  MEMCG_CHARGE_BATCH,
  memcg_stock,
  memcg_stock_lock,
  type obj_cgroup,
  type obj_stock,
  this_cpu_ptr,
} from "../memcontrol-types.ts";
import { local_lock_irqsave, local_unlock_irqrestore } from "../spinlock.ts";
import { drain_bytes_and_stats } from "./68ac5b3c8db2-cache-vmstat-in-stock.ts";
import { get_mem_cgroup_from_objcg } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

/** __refill_stock() Context: the stock's lock is held. */
export const __refill_stock = kernel(
  "__refill_stock",
  (memcg: mem_cgroup, nr_pages: number): void => {
    const stock = this_cpu_ptr(memcg_stock);
    if (stock.cached !== memcg) { // reset if necessary
      drain_stock(stock);
      css_get(memcg.css);
      stock.cached = memcg;
    }
    stock.nr_pages += nr_pages;
    if (stock.nr_pages > MEMCG_CHARGE_BATCH) drain_stock(stock);
  },
);

/** The inner part of obj_cgroup_uncharge_pages(). Context: the stock's lock is held. */
export function uncharge_pages_locked(objcg: obj_cgroup, nr_pages: number): void {
  const memcg = get_mem_cgroup_from_objcg(objcg);
  __refill_stock(memcg, nr_pages);
  css_put(memcg.css);
}

export default commit({
  commit: "af9a3b69e84b",
  subject: "mm/memcg: opencode the inner part of obj_cgroup_uncharge_pages() in drain_obj_stock()",
  version: "v5.18",
  fixes: ["B7"],
  needs: ["68ac5b3c8db2", "e74d225910ec", "fead2b869764"],
  adds: ["__refill_stock"],
}, {
  refill_stock(memcg: mem_cgroup, nr_pages: number): void {
    const flags = local_lock_irqsave(memcg_stock_lock);
    __refill_stock(memcg, nr_pages);
    local_unlock_irqrestore(memcg_stock_lock, flags);
  },

  drain_obj_stock(stock: obj_stock): void {
    const old = stock.cached_objcg;
    if (!old) return;
    drain_bytes_and_stats(stock, old, uncharge_pages_locked);
    obj_cgroup_put(old);
    stock.cached_objcg = null;
  },
});
