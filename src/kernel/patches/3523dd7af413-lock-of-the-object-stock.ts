/**
 * 3523dd7af413 ("memcg: separate local_trylock for memcg and obj"), v6.16.
 *
 * Pages and objects of a CPU's stock have a lock each.
 *
 * @module
 */
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { clear_bit } from "../../machine/memory/access.ts";
import { config } from "../../machine/words/config.ts";
import { drain_obj_stock } from "../memcontrol-objcg.ts";
import { mem_cgroup_is_root } from "../memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  type mem_cgroup,
  MEMCG_CHARGE_BATCH,
  memcg_stock,
  type obj_cgroup,
  this_cpu_ptr,
} from "../memcontrol-types.ts";

import {
  DEFINE_LOCAL_TRYLOCK,
  in_task,
  local_lock_irqsave,
  local_trylock_irqsave,
  local_unlock_irqrestore,
} from "../spinlock.ts";
import { memcg_uncharge } from "./89f342af6603-memcg-uncharge.ts";
import {
  consume_from,
  type Node,
  refill_into,
} from "./bc730030f956-combine-charging-and-accounting.ts";
import { obj_cgroup_uncharge_pages } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import {
  consume_slot,
  drain_stock_fully,
  random_slot,
  refill_slot,
} from "./f735eebe55f8-multi-memcg-charge-cache.ts";
import { commit } from "./patch.ts";

/** memcg_stock.memcg_lock; memcg_stock.lock since c80509ef65e4 */
export const memcg_lock = DEFINE_LOCAL_TRYLOCK("memcg_stock.lock", config.cpus);
/** memcg_stock.obj_lock; obj_stock.lock since c80509ef65e4 */
export const obj_lock = DEFINE_LOCAL_TRYLOCK("obj_stock.lock", config.cpus);

export default commit({
  commit: "3523dd7af413",
  subject: "memcg: separate local_trylock for memcg and obj",
  version: "v6.16",
  needs: ["2fba5961c64c", "89f342af6603", "bc730030f956", "e74d225910ec"]
    .concat("f735eebe55f8"),
}, {
  consume_stock(memcg: mem_cgroup, nr_pages: number): boolean {
    if (nr_pages > MEMCG_CHARGE_BATCH) return false;
    const flags = local_trylock_irqsave(memcg_lock);
    if (flags === null) return false;
    const ret = consume_slot(memcg, nr_pages);
    local_unlock_irqrestore(memcg_lock, flags);
    return ret;
  },

  drain_local_stock(_dummy: unknown): void {
    WARN_ON_ONCE(!in_task(), "drain in non-task context");
    let flags = local_lock_irqsave(obj_lock);
    drain_obj_stock(this_cpu_ptr(memcg_stock));
    local_unlock_irqrestore(obj_lock, flags);
    flags = local_lock_irqsave(memcg_lock);
    const stock = this_cpu_ptr(memcg_stock);
    drain_stock_fully(stock);
    clear_bit(FLUSHING_CACHED_CHARGE, stock.$flags);
    local_unlock_irqrestore(memcg_lock, flags);
  },

  refill_stock(memcg: mem_cgroup, nr_pages: number): void {
    WARN_ON_ONCE(mem_cgroup_is_root(memcg)); // VM_WARN_ON_ONCE()
    const flags = nr_pages > MEMCG_CHARGE_BATCH ? null : local_trylock_irqsave(memcg_lock);
    if (flags === null) {
      memcg_uncharge(memcg, nr_pages);
      return;
    }
    refill_slot(memcg, nr_pages, random_slot);
    local_unlock_irqrestore(memcg_lock, flags);
  },

  memcg_hotplug_cpu_dead(cpu: number): number {
    const stock = memcg_stock[cpu];
    const flags = local_lock_irqsave(obj_lock);
    drain_obj_stock(stock);
    local_unlock_irqrestore(obj_lock, flags);
    drain_stock_fully(stock);
    return 0;
  },

  consume_obj_stock(objcg: obj_cgroup, nr_bytes: number, pgdat: Node, idx: number): boolean {
    const flags = local_lock_irqsave(obj_lock);
    const ret = consume_from(this_cpu_ptr(memcg_stock), objcg, nr_bytes, pgdat, idx);
    local_unlock_irqrestore(obj_lock, flags);
    return ret;
  },

  refill_obj_stock(
    objcg: obj_cgroup,
    nr_bytes: number,
    allow_uncharge: boolean,
    nr_acct: number,
    pgdat: Node,
    idx: number,
  ): void {
    const flags = local_lock_irqsave(obj_lock);
    const stock = this_cpu_ptr(memcg_stock);
    const nr_pages = refill_into(stock, objcg, nr_bytes, allow_uncharge, nr_acct, pgdat, idx);
    local_unlock_irqrestore(obj_lock, flags);
    if (nr_pages) obj_cgroup_uncharge_pages(objcg, nr_pages);
  },
});
