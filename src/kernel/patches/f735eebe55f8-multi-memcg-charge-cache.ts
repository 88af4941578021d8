/**
 * f735eebe55f8 ("memcg: multi-memcg percpu charge cache"), v6.16.
 *
 * A CPU's stock has seven slots, each with the pages of another cgroup. One that finds no free slot
 * drains a random one; random numbers are not for NMIs (B19).
 *
 * As merged: the two fixes that were made while it was in linux-next are in it.
 *
 * @module
 */
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import {
  array_read,
  array_write,
  clear_bit,
  pointer_element,
  READ_ONCE,
  test_and_set_bit,
  WRITE_ONCE,
} from "../../machine/memory/access.ts";
import { isOnline } from "../../machine/context/cpus.ts";
import { kernel } from "../../machine/calls/registry.ts";
import { prototype } from "../../machine/calls/prototype.ts";
import { config } from "../../machine/words/config.ts";
import { css_get, css_put } from "../cgroup.ts";
import { type gfp_t, gfpflags_allow_spinning } from "../errno.ts";
import { cpu_is_isolated } from "../isolation.ts";
import { drain_obj_stock, obj_stock_flush_required } from "../memcontrol-objcg.ts";
import {
  drain_local_stock,
  mem_cgroup_is_descendant,
  mem_cgroup_is_root,
  percpu_charge_mutex,
} from "../memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  type mem_cgroup,
  MEMCG_CHARGE_BATCH,
  memcg_stock,
  type memcg_stock_pcp,
  NR_MEMCG_STOCK,
  this_cpu_ptr,
} from "../memcontrol-types.ts";
import { get_random_u32_below } from "../random.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import {
  local_lock_irqsave,
  local_trylock_irqsave,
  local_unlock_irqrestore,
  migrate_disable,
  migrate_enable,
  mutex_trylock,
  mutex_unlock,
  smp_processor_id,
} from "../spinlock.ts";
import { schedule_work_on } from "../workqueue.ts";
import { stock_lock } from "./567511462387-local-lock.ts";
import { memcg_uncharge } from "./89f342af6603-memcg-uncharge.ts";
import { commit } from "./patch.ts";

/** drain_stock(): of one slot. Context: the stock's lock, or the CPU is dead. */
export const drain_stock = prototype<(stock: memcg_stock_pcp, i: number) => void>(
  "drain_stock",
  2,
);

/** drain_stock_fully() Context: as for drain_stock(). */
export const drain_stock_fully = kernel("drain_stock_fully", (stock: memcg_stock_pcp): void => {
  for (let i = 0; i < NR_MEMCG_STOCK; i++) drain_stock(stock, i);
});

/** The middle of consume_stock(). Context: the stock's lock. */
export function consume_slot(memcg: mem_cgroup, nr_pages: number): boolean {
  const stock = this_cpu_ptr(memcg_stock);
  for (let i = 0; i < NR_MEMCG_STOCK; i++) {
    if (memcg !== READ_ONCE(pointer_element(stock.$cached, i))) continue;
    const stock_pages = array_read(stock.$nr_pages, i);
    if (stock_pages < nr_pages) return false;
    array_write(stock.$nr_pages, i, stock_pages - nr_pages);
    return true;
  }
  return false;
}

/** The middle of refill_stock(), with the choice of a victim. Context: the stock's lock. */
export function refill_slot(
  memcg: mem_cgroup,
  nr_pages: number,
  victim: (stock: memcg_stock_pcp) => number,
): void {
  const stock = this_cpu_ptr(memcg_stock);
  let empty_slot = -1;
  for (let i = 0; i < NR_MEMCG_STOCK; i++) {
    const cached = READ_ONCE(pointer_element(stock.$cached, i));
    if (!cached && empty_slot === -1) empty_slot = i;
    if (memcg !== READ_ONCE(pointer_element(stock.$cached, i))) continue;
    const stock_pages = array_read(stock.$nr_pages, i) + nr_pages;
    array_write(stock.$nr_pages, i, stock_pages);
    if (stock_pages > MEMCG_CHARGE_BATCH) drain_stock(stock, i);
    return;
  }
  let i = empty_slot;
  if (i === -1) {
    i = victim(stock);
    drain_stock(stock, i);
  }
  css_get(memcg.css);
  WRITE_ONCE(pointer_element(stock.$cached, i), memcg);
  array_write(stock.$nr_pages, i, nr_pages);
}

/** Any slot. */
export const random_slot = (): number => get_random_u32_below(NR_MEMCG_STOCK);

/** Whether a slot of a stock, of any CPU, has pages of the subtree. Context: rcu_read_lock(). */
export function caches_pages(stock: memcg_stock_pcp, root_memcg: mem_cgroup): boolean {
  for (let i = 0; i < NR_MEMCG_STOCK; i++) {
    const memcg = READ_ONCE(pointer_element(stock.$cached, i));
    if (!memcg) continue;
    if (array_read(stock.$nr_pages, i) && mem_cgroup_is_descendant(memcg, root_memcg)) return true;
  }
  return false;
}

/** is_drain_needed() Context: any. */
function is_drain_needed(stock: memcg_stock_pcp, root_memcg: mem_cgroup): boolean {
  rcu_read_lock();
  const flush = obj_stock_flush_required(stock, root_memcg) || caches_pages(stock, root_memcg);
  rcu_read_unlock();
  return flush;
}

export default commit({
  commit: "f735eebe55f8",
  subject: "memcg: multi-memcg percpu charge cache",
  version: "v6.16",
  brings: ["B19"],
  needs: ["567511462387", "6a792697a53a", "89f342af6603", "ae51c775aa2b", "e56fa8f5e108"],
  adds: ["drain_stock_fully"],
}, {
  consume_stock(memcg: mem_cgroup, nr_pages: number, gfp_mask: gfp_t): boolean {
    if (nr_pages > MEMCG_CHARGE_BATCH) return false;
    const flags = gfpflags_allow_spinning(gfp_mask)
      ? local_lock_irqsave(stock_lock)
      : local_trylock_irqsave(stock_lock);
    if (flags === null) return false;
    const ret = consume_slot(memcg, nr_pages);
    local_unlock_irqrestore(stock_lock, flags);
    return ret;
  },

  drain_stock(stock: memcg_stock_pcp, i: number): void {
    const old = READ_ONCE(pointer_element(stock.$cached, i));
    if (!old) return;
    const stock_pages = array_read(stock.$nr_pages, i);
    if (stock_pages) {
      memcg_uncharge(old, stock_pages);
      array_write(stock.$nr_pages, i, 0);
    }
    css_put(old.css);
    WRITE_ONCE(pointer_element(stock.$cached, i), null);
  },

  drain_local_stock(_dummy: unknown): void {
    const flags = local_lock_irqsave(stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    drain_obj_stock(stock);
    drain_stock_fully(stock);
    clear_bit(FLUSHING_CACHED_CHARGE, stock.$flags);
    local_unlock_irqrestore(stock_lock, flags);
  },

  refill_stock(memcg: mem_cgroup, nr_pages: number): void {
    WARN_ON_ONCE(mem_cgroup_is_root(memcg)); // VM_WARN_ON_ONCE()
    const flags = nr_pages > MEMCG_CHARGE_BATCH ? null : local_trylock_irqsave(stock_lock);
    if (flags === null) {
      memcg_uncharge(memcg, nr_pages);
      return;
    }
    refill_slot(memcg, nr_pages, random_slot);
    local_unlock_irqrestore(stock_lock, flags);
  },

  drain_all_stock(root_memcg: mem_cgroup): void {
    if (!mutex_trylock(percpu_charge_mutex)) return;
    migrate_disable();
    const curcpu = smp_processor_id();
    for (let cpu = 0; cpu < config.cpus; cpu++) {
      if (!isOnline(cpu)) continue; // for_each_online_cpu()
      const stock = memcg_stock[cpu];
      if (!is_drain_needed(stock, root_memcg)) continue;
      if (test_and_set_bit(FLUSHING_CACHED_CHARGE, stock.$flags)) continue;
      if (cpu === curcpu) drain_local_stock(stock.work);
      else if (!cpu_is_isolated(cpu)) schedule_work_on(cpu, stock.work);
    }
    migrate_enable();
    mutex_unlock(percpu_charge_mutex);
  },

  memcg_hotplug_cpu_dead(cpu: number): number {
    const stock = memcg_stock[cpu];
    const flags = local_lock_irqsave(stock_lock);
    drain_obj_stock(stock);
    local_unlock_irqrestore(stock_lock, flags);
    drain_stock_fully(stock);
    return 0;
  },
});
