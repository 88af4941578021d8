/**
 * 559271146efc ("mm/memcg: optimize user context object stock access"), v5.14.
 *
 * Tasks have an object stock of their own, for which preemption off is enough; interrupts use the other
 * one. fead2b869764 (v5.18) reverts it.
 *
 * MODEL: with PREEMPT_RT each of the two has a lock, as the RT trees had it; this commit alone would
 * sleep with preemption off.
 *
 * @module
 */
import { clear_bit } from "../../machine/memory/access.ts";
import { context } from "../../machine/context/interrupt.ts";
import { config } from "../../machine/words/config.ts";
import { TASK } from "../../machine/layout/contexts.ts";
import { drain_obj_stock, obj_cgroup_get, obj_cgroup_memcg } from "../memcontrol-objcg.ts";
import { drain_stock, mem_cgroup_is_descendant } from "../memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  type mem_cgroup,
  memcg_stock,
  memcg_stock_lock,
  type memcg_stock_pcp,
  type obj_cgroup,
  type obj_stock,
  this_cpu_ptr,
} from "../memcontrol-types.ts";
import {
  DEFINE_LOCAL_IRQ_LOCK,
  is_rt,
  local_irq_restore,
  local_irq_save,
  local_lock_irqsave,
  local_unlock_irqrestore,
  preempt_disable,
  preempt_enable,
} from "../spinlock.ts";
import type { pglist_data } from "../vmstat.ts";
import { cut_pages, take_charged_bytes } from "./5387c90490f7-improve-refill-obj-stock.ts";
import { cache_stat, flush_stats } from "./68ac5b3c8db2-cache-vmstat-in-stock.ts";
import { obj_cgroup_uncharge_pages } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

export const task_obj_lock = DEFINE_LOCAL_IRQ_LOCK("memcg_stock.task_obj.lock", config.cpus);
export const irq_obj_lock = DEFINE_LOCAL_IRQ_LOCK("memcg_stock.irq_obj.lock", config.cpus);

/** in_task() */
export function in_task(): boolean {
  return context() === TASK;
}

/** get_obj_stock(), first half: keep others of this CPU out; returns the flags. */
export function lock_obj_stock(): number {
  if (is_rt()) return local_lock_irqsave(in_task() ? task_obj_lock : irq_obj_lock);
  if (!in_task()) return local_irq_save();
  preempt_disable();
  return 0;
}

/** get_obj_stock(), second half: the stock of the context that runs. */
export function this_obj_stock(): obj_stock {
  const stock = this_cpu_ptr(memcg_stock);
  return in_task() ? stock.task_obj : stock.irq_obj;
}

/** put_obj_stock() */
export function put_obj_stock(flags: number): void {
  if (is_rt()) local_unlock_irqrestore(in_task() ? task_obj_lock : irq_obj_lock, flags);
  else if (in_task()) preempt_enable();
  else local_irq_restore(flags);
}

/** Whether a stock, of any CPU, caches an objcg of the subtree: two loads of the pointer. */
function caches_subtree(stock: obj_stock, root_memcg: mem_cgroup): boolean {
  if (!stock.cached_objcg) return false;
  const memcg = obj_cgroup_memcg(stock.cached_objcg!);
  return memcg !== null && mem_cgroup_is_descendant(memcg, root_memcg);
}

/** mod_objcg_state(); `to` is the node that the kept statistics are passed on to. */
export function mod_state(
  objcg: obj_cgroup,
  pgdat: pglist_data,
  idx: number,
  nr: number,
  flushTo: (stock: obj_stock, pgdat: pglist_data) => pglist_data,
): void {
  const flags = lock_obj_stock();
  const stock = this_obj_stock();
  if (stock.cached_objcg !== objcg) {
    drain_obj_stock(stock);
    obj_cgroup_get(objcg);
    stock.nr_bytes = take_charged_bytes(objcg);
    stock.cached_objcg = objcg;
    stock.cached_pgdat = pgdat;
  } else if (stock.cached_pgdat !== pgdat) {
    flush_stats(stock, objcg, flushTo(stock, pgdat));
    stock.cached_pgdat = pgdat;
  }
  cache_stat(stock, objcg, pgdat, idx, nr);
  put_obj_stock(flags);
}

const toTheNewOne = (_stock: obj_stock, pgdat: pglist_data) => pgdat;

export default commit({
  commit: "559271146efc",
  subject: "mm/memcg: optimize user context object stock access",
  version: "v5.14",
  needs: ["5387c90490f7", "68ac5b3c8db2", "e74d225910ec"],
}, {
  mod_objcg_state: (objcg: obj_cgroup, pgdat: pglist_data, idx: number, nr: number): void =>
    mod_state(objcg, pgdat, idx, nr, toTheNewOne),

  consume_obj_stock(objcg: obj_cgroup, nr_bytes: number): boolean {
    let ret = false;
    const flags = lock_obj_stock();
    const stock = this_obj_stock();
    if (objcg === stock.cached_objcg && stock.nr_bytes >= nr_bytes) {
      stock.nr_bytes -= nr_bytes;
      ret = true;
    }
    put_obj_stock(flags);
    return ret;
  },

  refill_obj_stock(objcg: obj_cgroup, nr_bytes: number, allow_uncharge: boolean): void {
    const flags = lock_obj_stock();
    const stock = this_obj_stock();
    if (stock.cached_objcg !== objcg) { // reset if necessary
      drain_obj_stock(stock);
      obj_cgroup_get(objcg);
      stock.cached_objcg = objcg;
      stock.nr_bytes = take_charged_bytes(objcg);
      allow_uncharge = true;
    }
    stock.nr_bytes += nr_bytes;
    const nr_pages = allow_uncharge ? cut_pages(stock) : 0;
    put_obj_stock(flags);
    if (nr_pages) obj_cgroup_uncharge_pages(objcg, nr_pages);
  },

  obj_stock_flush_required(stock: memcg_stock_pcp, root_memcg: mem_cgroup): boolean {
    if (in_task() && caches_subtree(stock.task_obj, root_memcg)) return true;
    return caches_subtree(stock.irq_obj, root_memcg);
  },

  drain_local_stock(_dummy: unknown): void {
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    drain_obj_stock(stock.irq_obj);
    if (in_task()) drain_obj_stock(stock.task_obj);
    drain_stock(stock);
    clear_bit(FLUSHING_CACHED_CHARGE, stock.$flags);
    local_unlock_irqrestore(memcg_stock_lock, flags);
  },
});
