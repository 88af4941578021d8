/**
 * 567511462387 ("mm/memcg: protect memcg_stock with a local_lock_t"), v5.18, as a backport to v5.9.
 *
 * This is the part of the commit that mends S4. drain_obj_stock() clears the slot and returns the objcg
 * that was in it. Its callers put that objcg once they have left the lock of the stock, because its
 * release takes other locks.
 *
 * @module
 */
import { atomic_add, clear_bit, xchg } from "../../machine/memory/access.ts";
import { prototype } from "../../machine/calls/prototype.ts";
import { obj_cgroup_get, obj_cgroup_memcg, obj_cgroup_put } from "../memcontrol-objcg.ts";
import { __memcg_kmem_uncharge, drain_stock } from "../memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  memcg_stock,
  memcg_stock_lock,
  type memcg_stock_pcp,
  type obj_cgroup,
  PAGE_SHIFT,
  PAGE_SIZE,
  this_cpu_ptr,
} from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { local_lock_irqsave, local_unlock_irqrestore } from "../spinlock.ts";
import { patch } from "./patch.ts";

const drain_obj_stock = prototype<(stock: memcg_stock_pcp) => obj_cgroup | null>(
  "drain_obj_stock",
  1,
);

export default patch("567511462387", "mm/memcg: protect memcg_stock with a local_lock_t", {
  drain_local_stock(_dummy: unknown): void {
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    const old = drain_obj_stock(stock);
    drain_stock(stock);
    clear_bit(FLUSHING_CACHED_CHARGE, stock.$flags);
    local_unlock_irqrestore(memcg_stock_lock, flags);
    if (old) obj_cgroup_put(old);
  },

  drain_obj_stock(stock: memcg_stock_pcp): obj_cgroup | null {
    const old = stock.cached_objcg;
    if (!old) return null;
    if (stock.nr_bytes) {
      const nr_pages = stock.nr_bytes >>> PAGE_SHIFT;
      const nr_bytes = stock.nr_bytes & (PAGE_SIZE - 1);
      if (nr_pages) {
        rcu_read_lock();
        __memcg_kmem_uncharge(obj_cgroup_memcg(old)!, nr_pages);
        rcu_read_unlock();
      }
      atomic_add(nr_bytes, old.$nr_charged_bytes);
      stock.nr_bytes = 0;
    }
    stock.cached_objcg = null;
    return old;
  },

  refill_obj_stock(objcg: obj_cgroup, nr_bytes: number): void {
    let old: obj_cgroup | null = null;
    let full: obj_cgroup | null = null;
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (stock.cached_objcg !== objcg) { // reset if necessary
      old = drain_obj_stock(stock);
      obj_cgroup_get(objcg);
      stock.cached_objcg = objcg;
      stock.nr_bytes = xchg(objcg.$nr_charged_bytes, 0);
    }
    stock.nr_bytes += nr_bytes;
    if (stock.nr_bytes > PAGE_SIZE) full = drain_obj_stock(stock);
    local_unlock_irqrestore(memcg_stock_lock, flags);
    if (old) obj_cgroup_put(old);
    if (full) obj_cgroup_put(full);
  },
});
