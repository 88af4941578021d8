/**
 * fead2b869764 ("mm/memcg: revert ("mm/memcg: optimize user context object stock access")"), v5.18.
 *
 * One object stock again, with interrupts off.
 *
 * @module
 */
import { clear_bit } from "../../machine/memory/access.ts";
import { drain_obj_stock, obj_cgroup_get, obj_cgroup_memcg } from "../memcontrol-objcg.ts";
import { drain_stock, mem_cgroup_is_descendant } from "../memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  type mem_cgroup,
  memcg_stock,
  memcg_stock_lock,
  type memcg_stock_pcp,
  type obj_cgroup,
  this_cpu_ptr,
} from "../memcontrol-types.ts";
import { local_lock_irqsave, local_unlock_irqrestore } from "../spinlock.ts";
import type { pglist_data } from "../vmstat.ts";
import { cut_pages, take_charged_bytes } from "./5387c90490f7-improve-refill-obj-stock.ts";
import { cache_stat, flush_stats } from "./68ac5b3c8db2-cache-vmstat-in-stock.ts";
import { obj_cgroup_uncharge_pages } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "fead2b869764",
  subject: 'mm/memcg: revert ("mm/memcg: optimize user context object stock access")',
  version: "v5.18",
  needs: ["559271146efc", "5387c90490f7", "68ac5b3c8db2", "7fa0dacbaf12", "e74d225910ec"],
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
      flush_stats(stock, objcg, stock.cached_pgdat!);
      stock.cached_pgdat = pgdat;
    }
    cache_stat(stock, objcg, pgdat, idx, nr);
    local_unlock_irqrestore(memcg_stock_lock, flags);
  },

  consume_obj_stock(objcg: obj_cgroup, nr_bytes: number): boolean {
    let ret = false;
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (objcg === stock.cached_objcg && stock.nr_bytes >= nr_bytes) {
      stock.nr_bytes -= nr_bytes;
      ret = true;
    }
    local_unlock_irqrestore(memcg_stock_lock, flags);
    return ret;
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

  obj_stock_flush_required(stock: memcg_stock_pcp, root_memcg: mem_cgroup): boolean {
    if (stock.cached_objcg) {
      const memcg = obj_cgroup_memcg(stock.cached_objcg!);
      if (memcg && mem_cgroup_is_descendant(memcg, root_memcg)) return true;
    }
    return false;
  },

  drain_local_stock(_dummy: unknown): void {
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    drain_obj_stock(stock);
    drain_stock(stock);
    clear_bit(FLUSHING_CACHED_CHARGE, stock.$flags);
    local_unlock_irqrestore(memcg_stock_lock, flags);
  },
});
