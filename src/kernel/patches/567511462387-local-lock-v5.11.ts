/**
 * 567511462387 ("mm/memcg: protect memcg_stock with a local_lock_t"), v5.18, as a backport to v5.11 and
 * v5.13, with af9a3b69e84b, on which it builds.
 *
 * drain_obj_stock() puts pages into the page stock without taking the lock of the stock again. It clears
 * the slot and returns the objcg that was in it, for the caller to put once the lock is gone.
 *
 * @module
 */
import { atomic_add, clear_bit, xchg } from "../../machine/memory/access.ts";
import { prototype } from "../../machine/calls/prototype.ts";
import { css_get, css_put, css_tryget } from "../cgroup.ts";
import { obj_cgroup_get, obj_cgroup_memcg, obj_cgroup_put } from "../memcontrol-objcg.ts";
import { drain_stock } from "../memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  type mem_cgroup,
  MEMCG_CHARGE_BATCH,
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

/** __refill_stock() Context: the stock's lock is held. */
function refill_stock_locked(memcg: mem_cgroup, nr_pages: number): void {
  const stock = this_cpu_ptr(memcg_stock);
  if (stock.cached !== memcg) { // reset if necessary
    drain_stock(stock);
    css_get(memcg.css);
    stock.cached = memcg;
  }
  stock.nr_pages += nr_pages;
  if (stock.nr_pages > MEMCG_CHARGE_BATCH) drain_stock(stock);
}

/** The inner part of obj_cgroup_uncharge_pages(). Context: the stock's lock is held. */
function uncharge_pages_locked(objcg: obj_cgroup, nr_pages: number): void {
  rcu_read_lock();
  let memcg: mem_cgroup;
  do memcg = obj_cgroup_memcg(objcg)!; while (!css_tryget(memcg.css));
  rcu_read_unlock();
  refill_stock_locked(memcg, nr_pages);
  css_put(memcg.css);
}

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
      if (nr_pages) uncharge_pages_locked(old, nr_pages);
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
