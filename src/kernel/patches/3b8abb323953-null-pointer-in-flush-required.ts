/**
 * 3b8abb323953 ("mm: kmem: fix a NULL pointer dereference in obj_stock_flush_required()"), v6.5.
 *
 * Whoever looks at the stock of another CPU loads cached_objcg once, and that CPU stores it marked.
 *
 * @module
 */
import { READ_ONCE, WRITE_ONCE } from "../../machine/memory/access.ts";
import { obj_cgroup_get, obj_cgroup_memcg, obj_cgroup_put } from "../memcontrol-objcg.ts";
import { mem_cgroup_is_descendant } from "../memcontrol.ts";
import {
  type mem_cgroup,
  memcg_stock,
  type memcg_stock_pcp,
  type obj_cgroup,
  type obj_stock,
  this_cpu_ptr,
} from "../memcontrol-types.ts";
import { local_lock_irqsave, local_unlock_irqrestore } from "../spinlock.ts";
import type { pglist_data } from "../vmstat.ts";
import { cut_pages, take_charged_bytes } from "./5387c90490f7-improve-refill-obj-stock.ts";
import { drain_obj_stock, stock_lock } from "./567511462387-local-lock.ts";
import {
  cache_stat,
  drain_bytes_and_stats,
  flush_stats,
} from "./68ac5b3c8db2-cache-vmstat-in-stock.ts";
import { uncharge_pages_locked } from "./af9a3b69e84b-opencode-uncharge-pages.ts";
import { obj_cgroup_uncharge_pages } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "3b8abb323953",
  subject: "mm: kmem: fix a NULL pointer dereference in obj_stock_flush_required()",
  version: "v6.5",
  fixes: ["S3"],
  needs: ["5387c90490f7", "567511462387", "68ac5b3c8db2", "af9a3b69e84b", "e74d225910ec"],
}, {
  mod_objcg_state(objcg: obj_cgroup, pgdat: pglist_data, idx: number, nr: number): void {
    let old: obj_cgroup | null = null;
    const flags = local_lock_irqsave(stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (READ_ONCE(stock.$cached_objcg) !== objcg) {
      old = drain_obj_stock(stock);
      obj_cgroup_get(objcg);
      stock.nr_bytes = take_charged_bytes(objcg);
      WRITE_ONCE(stock.$cached_objcg, objcg);
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
    if (objcg === READ_ONCE(stock.$cached_objcg) && stock.nr_bytes >= nr_bytes) {
      stock.nr_bytes -= nr_bytes;
      ret = true;
    }
    local_unlock_irqrestore(stock_lock, flags);
    return ret;
  },

  drain_obj_stock(stock: obj_stock): obj_cgroup | null {
    const old = READ_ONCE(stock.$cached_objcg);
    if (!old) return null;
    drain_bytes_and_stats(stock, old, uncharge_pages_locked);
    WRITE_ONCE(stock.$cached_objcg, null);
    return old;
  },

  obj_stock_flush_required(stock: memcg_stock_pcp, root_memcg: mem_cgroup): boolean {
    const objcg = READ_ONCE(stock.$cached_objcg);
    if (objcg) {
      const memcg = obj_cgroup_memcg(objcg);
      if (memcg && mem_cgroup_is_descendant(memcg, root_memcg)) return true;
    }
    return false;
  },

  refill_obj_stock(objcg: obj_cgroup, nr_bytes: number, allow_uncharge: boolean): void {
    let old: obj_cgroup | null = null;
    const flags = local_lock_irqsave(stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (READ_ONCE(stock.$cached_objcg) !== objcg) { // reset if necessary
      old = drain_obj_stock(stock);
      obj_cgroup_get(objcg);
      WRITE_ONCE(stock.$cached_objcg, objcg);
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
