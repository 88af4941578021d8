/**
 * 567511462387 ("mm/memcg: protect memcg_stock with a local_lock_t"), v5.18, as a backport to v5.14 and
 * v5.17, in which tasks have an object stock of their own.
 *
 * drain_obj_stock() clears the slot and returns the objcg that was in it, for the caller to put once it
 * has left the stock. Whoever drains the stocks of a CPU takes the locks of the object stocks first, since
 * their pages go to the page stock.
 *
 * @module
 */
import { prototype } from "../../machine/calls/prototype.ts";
import { clear_bit } from "../../machine/memory/access.ts";
import { obj_cgroup_get, obj_cgroup_put } from "../memcontrol-objcg.ts";
import { drain_stock } from "../memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  memcg_stock,
  memcg_stock_lock,
  type obj_cgroup,
  type obj_stock,
  this_cpu_ptr,
} from "../memcontrol-types.ts";
import { local_lock_irqsave, local_unlock_irqrestore } from "../spinlock.ts";
import type { pglist_data } from "../vmstat.ts";
import { cut_pages, take_charged_bytes } from "./5387c90490f7-improve-refill-obj-stock.ts";
import {
  in_task,
  irq_obj_lock,
  lock_obj_stock,
  put_obj_stock,
  task_obj_lock,
  this_obj_stock,
} from "./559271146efc-object-stock-of-tasks.ts";
import {
  cache_stat,
  drain_bytes_and_stats,
  flush_stats,
} from "./68ac5b3c8db2-cache-vmstat-in-stock.ts";
import { obj_cgroup_uncharge_pages } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { patch } from "./patch.ts";

const drain_obj_stock = prototype<(stock: obj_stock) => obj_cgroup | null>("drain_obj_stock", 1);

export default patch("567511462387", "mm/memcg: protect memcg_stock with a local_lock_t", {
  drain_local_stock(_dummy: unknown): void {
    const irq_flags = local_lock_irqsave(irq_obj_lock);
    const task_flags = local_lock_irqsave(task_obj_lock);
    const stock = this_cpu_ptr(memcg_stock);
    const of_irq = drain_obj_stock(stock.irq_obj);
    const of_task = in_task() ? drain_obj_stock(stock.task_obj) : null;
    const flags = local_lock_irqsave(memcg_stock_lock);
    drain_stock(stock);
    clear_bit(FLUSHING_CACHED_CHARGE, stock.$flags);
    local_unlock_irqrestore(memcg_stock_lock, flags);
    local_unlock_irqrestore(task_obj_lock, task_flags);
    local_unlock_irqrestore(irq_obj_lock, irq_flags);
    if (of_irq) obj_cgroup_put(of_irq);
    if (of_task) obj_cgroup_put(of_task);
  },

  mod_objcg_state(objcg: obj_cgroup, pgdat: pglist_data, idx: number, nr: number): void {
    let old: obj_cgroup | null = null;
    const flags = lock_obj_stock();
    const stock = this_obj_stock();
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
    put_obj_stock(flags);
    if (old) obj_cgroup_put(old);
  },

  drain_obj_stock(stock: obj_stock): obj_cgroup | null {
    const old = stock.cached_objcg;
    if (!old) return null;
    drain_bytes_and_stats(stock, old, obj_cgroup_uncharge_pages);
    stock.cached_objcg = null;
    return old;
  },

  refill_obj_stock(objcg: obj_cgroup, nr_bytes: number, allow_uncharge: boolean): void {
    let old: obj_cgroup | null = null;
    const flags = lock_obj_stock();
    const stock = this_obj_stock();
    if (stock.cached_objcg !== objcg) { // reset if necessary
      old = drain_obj_stock(stock);
      obj_cgroup_get(objcg);
      stock.cached_objcg = objcg;
      stock.nr_bytes = take_charged_bytes(objcg);
      allow_uncharge = true;
    }
    stock.nr_bytes += nr_bytes;
    const nr_pages = allow_uncharge ? cut_pages(stock) : 0;
    put_obj_stock(flags);
    if (old) obj_cgroup_put(old);
    if (nr_pages) obj_cgroup_uncharge_pages(objcg, nr_pages);
  },
});
