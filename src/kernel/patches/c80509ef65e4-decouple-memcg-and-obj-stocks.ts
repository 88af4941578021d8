/**
 * c80509ef65e4 ("memcg: completely decouple memcg and obj stocks"), v6.16.
 *
 * Pages and objects are in two stocks, each with its own work item and mark. Whoever looks at another
 * CPU's object stock loads the pointer before its RCU section begins (B16).
 *
 * @module
 */
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { clear_bit, READ_ONCE, test_and_set_bit, test_bit } from "../../machine/memory/access.ts";
import { isOnline } from "../../machine/context/cpus.ts";
import { kernel } from "../../machine/calls/registry.ts";
import { prototype } from "../../machine/calls/prototype.ts";
import { config } from "../../machine/words/config.ts";
import { cpu_is_isolated } from "../isolation.ts";
import { init_memcg } from "../memcontrol-css.ts";
import { drain_obj_stock, obj_cgroup_memcg } from "../memcontrol-objcg.ts";
import { mem_cgroup_is_descendant, percpu_charge_mutex } from "../memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  type mem_cgroup,
  memcg_stock,
  type memcg_stock_pcp,
  type obj_cgroup,
  obj_stock,
  type obj_stock_pcp,
  this_cpu_ptr,
} from "../memcontrol-types.ts";

import { counters_have_stocks } from "../page_counter.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import {
  in_task,
  local_lock_irqsave,
  local_unlock_irqrestore,
  migrate_disable,
  migrate_enable,
  mutex_trylock,
  mutex_unlock,
  smp_processor_id,
} from "../spinlock.ts";
import { INIT_WORK, schedule_work_on } from "../workqueue.ts";
import { memcg_lock, obj_lock } from "./3523dd7af413-lock-of-the-object-stock.ts";
import {
  consume_from,
  type Node,
  refill_into,
} from "./bc730030f956-combine-charging-and-accounting.ts";
import { obj_cgroup_uncharge_pages } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { caches_pages, drain_stock_fully } from "./f735eebe55f8-multi-memcg-charge-cache.ts";
import { commit } from "./patch.ts";

/** drain_local_memcg_stock() Context: this CPU's task or kworker. */
export const drain_local_memcg_stock = kernel(
  "drain_local_memcg_stock",
  (_dummy: unknown): void => {
    WARN_ON_ONCE(!in_task(), "drain in non-task context");
    const flags = local_lock_irqsave(memcg_lock);
    const stock = this_cpu_ptr(memcg_stock);
    drain_stock_fully(stock);
    clear_bit(FLUSHING_CACHED_CHARGE, stock.$flags);
    local_unlock_irqrestore(memcg_lock, flags);
  },
);

/** drain_local_obj_stock() Context: as above. */
export const drain_local_obj_stock = kernel("drain_local_obj_stock", (_dummy: unknown): void => {
  WARN_ON_ONCE(!in_task(), "drain in non-task context");
  const flags = local_lock_irqsave(obj_lock);
  const stock = this_cpu_ptr(obj_stock);
  drain_obj_stock(stock);
  clear_bit(FLUSHING_CACHED_CHARGE, stock.$flags);
  local_unlock_irqrestore(obj_lock, flags);
});

/** is_memcg_drain_needed() Context: any. */
export const is_memcg_drain_needed = kernel(
  "is_memcg_drain_needed",
  (stock: memcg_stock_pcp, root_memcg: mem_cgroup): boolean => {
    rcu_read_lock();
    const flush = caches_pages(stock, root_memcg);
    rcu_read_unlock();
    return flush;
  },
);

function init_stocks(): void {
  for (let cpu = 0; cpu < config.cpus; cpu++) {
    INIT_WORK(memcg_stock[cpu].work, drain_local_memcg_stock);
    INIT_WORK(obj_stock[cpu].work, drain_local_obj_stock);
  }
}

/** In place of the page stocks, where counters have stocks of their own (page_counter_stock, b25b). */
const drain_counters = counters_have_stocks
  ? prototype<(root_memcg: mem_cgroup) => void>("drain_counters", 1)
  : null;

/** obj_stock_flush_required(): of an object stock. Context: any. */
export const obj_stock_flush_required = prototype<Look>("obj_stock_flush_required", 2);

/** Whether the object stock, of any CPU, caches an objcg of the subtree. Context: any. */
type Look = (stock: obj_stock_pcp, root_memcg: mem_cgroup) => boolean;

/**
 * The body of drain_all_stock(), with the way to ask another CPU, and which other CPUs are looked at at
 * all.
 */
export function drain_both(
  root_memcg: mem_cgroup,
  is_flush_required: Look,
  ask: (cpu: number, stock: memcg_stock_pcp | obj_stock_pcp) => void,
  is_left_alone: (cpu: number) => boolean = () => false,
): void {
  if (!mutex_trylock(percpu_charge_mutex)) return;
  drain_counters?.(root_memcg);
  migrate_disable();
  const curcpu = smp_processor_id();
  for (let cpu = 0; cpu < config.cpus; cpu++) {
    if (!isOnline(cpu)) continue; // for_each_online_cpu()
    if (cpu !== curcpu && is_left_alone(cpu)) continue;
    const memcg_st = memcg_stock[cpu];
    const obj_st = obj_stock[cpu];
    if (
      !drain_counters &&
      !test_bit(FLUSHING_CACHED_CHARGE, memcg_st.$flags) &&
      is_memcg_drain_needed(memcg_st, root_memcg) &&
      !test_and_set_bit(FLUSHING_CACHED_CHARGE, memcg_st.$flags)
    ) {
      if (cpu === curcpu) drain_local_memcg_stock(memcg_st.work);
      else ask(cpu, memcg_st);
    }
    if (
      !test_bit(FLUSHING_CACHED_CHARGE, obj_st.$flags) &&
      is_flush_required(obj_st, root_memcg) &&
      !test_and_set_bit(FLUSHING_CACHED_CHARGE, obj_st.$flags)
    ) {
      if (cpu === curcpu) drain_local_obj_stock(obj_st.work);
      else ask(cpu, obj_st);
    }
  }
  migrate_enable();
  mutex_unlock(percpu_charge_mutex);
}

export default commit({
  commit: "c80509ef65e4",
  subject: "memcg: completely decouple memcg and obj stocks",
  version: "v6.16",
  brings: ["B16"],
  needs: ["3523dd7af413", "bc730030f956", "e74d225910ec", "f735eebe55f8"],
  adds: ["drain_local_memcg_stock", "drain_local_obj_stock", "is_memcg_drain_needed"],
}, {
  mem_cgroup_init: (): void => init_memcg(init_stocks),

  drain_all_stock(root_memcg: mem_cgroup): void {
    drain_both(root_memcg, obj_stock_flush_required, (cpu, stock) => {
      if (!cpu_is_isolated(cpu)) schedule_work_on(cpu, stock.work);
    });
  },

  memcg_hotplug_cpu_dead(cpu: number): number {
    const flags = local_lock_irqsave(obj_lock);
    drain_obj_stock(obj_stock[cpu]);
    local_unlock_irqrestore(obj_lock, flags);
    drain_stock_fully(memcg_stock[cpu]);
    return 0;
  },

  consume_obj_stock(objcg: obj_cgroup, nr_bytes: number, pgdat: Node, idx: number): boolean {
    const flags = local_lock_irqsave(obj_lock);
    const ret = consume_from(this_cpu_ptr(obj_stock), objcg, nr_bytes, pgdat, idx);
    local_unlock_irqrestore(obj_lock, flags);
    return ret;
  },

  obj_stock_flush_required(stock: obj_stock_pcp, root_memcg: mem_cgroup): boolean {
    const objcg = READ_ONCE(stock.$cached_objcg);
    let flush = false;
    rcu_read_lock();
    if (objcg) {
      const memcg = obj_cgroup_memcg(objcg);
      if (memcg && mem_cgroup_is_descendant(memcg, root_memcg)) flush = true;
    }
    rcu_read_unlock();
    return flush;
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
    const stock = this_cpu_ptr(obj_stock);
    const nr_pages = refill_into(stock, objcg, nr_bytes, allow_uncharge, nr_acct, pgdat, idx);
    local_unlock_irqrestore(obj_lock, flags);
    if (nr_pages) obj_cgroup_uncharge_pages(objcg, nr_pages);
  },
});
