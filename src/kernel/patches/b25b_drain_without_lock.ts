/**
 * B25b: "mm/memcontrol, page_counter: move stock from mem_cgroup to page_counter", version 3 of 25 May 2026.
 *
 * The stocks of a counter have a lock on each CPU, and charging looks at them by itself. Whoever drains lets
 * each CPU drain its own, and waits for it; only one does so at a time, and whoever finds another one at it
 * goes on without. When a cgroup goes offline, that is followed by draining the stocks of all CPUs from this
 * one without any lock: a CPU that is charging loads a number, which is drained, and stores it again, less
 * what it takes. Those pages are uncharged once more.
 *
 * MODEL: the lock is one for the stocks of all counters of a CPU. That a cgroup of the default hierarchy is
 * drained when it gets its first child (patch 6 of 7) is left out.
 *
 * @module
 */
import {
  array_load,
  array_store,
  atomic_add_return,
  atomic_sub,
  READ_ONCE,
  WRITE_ONCE,
} from "../../machine/memory/access.ts";
import { isOnline } from "../../machine/context/cpus.ts";
import { kernel } from "../../machine/calls/registry.ts";
import { container_of } from "../../machine/memory/struct.ts";
import { config } from "../../machine/words/config.ts";
import type { cgroup_subsys_state } from "../cgroup.ts";
import type { gfp_t } from "../errno.ts";
import { memcg_offline_kmem } from "../memcontrol-css.ts";
import { mem_cgroup_id_put } from "../memcontrol-id.ts";
import { for_each_mem_cgroup_tree } from "../memcontrol-iter.ts";
import { countersCharged, do_memsw_account } from "../memcontrol-memsw.ts";
import { memcg_reparent_objcgs } from "../memcontrol-objcg.ts";
import { drain_all_stock, parent_mem_cgroup } from "../memcontrol.ts";
import { mem_cgroup } from "../memcontrol-types.ts";
import {
  type page_counter,
  page_counter_cancel,
  page_counter_try_charge,
  page_counter_uncharge,
} from "../page_counter.ts";
import { kfree } from "../slab.ts";
import {
  DEFINE_LOCAL_TRYLOCK,
  local_lock,
  local_trylock,
  local_unlock,
  smp_processor_id,
} from "../spinlock.ts";
import { work_on_cpu } from "../work-on-cpu.ts";
import {
  alloc_stock,
  cpu_dead,
  css_online_with_stocks,
  try_charge_counters,
} from "./page_counter_stock.ts";
import { draft } from "./patch.ts";

/** counter->stock->lock */
export const stock_lock = DEFINE_LOCAL_TRYLOCK("page_counter_stock.lock", config.cpus);

/** page_counter_enable_stock() Context: nobody charges the counter yet. */
export const page_counter_enable_stock = kernel(
  "page_counter_enable_stock",
  (counter: page_counter, batch: number): number => alloc_stock(counter, batch),
);

/** page_counter_drain_stock_nolock() Context: any, which is the bug. */
export const page_counter_drain_stock_nolock = kernel(
  "page_counter_drain_stock_nolock",
  (counter: page_counter): void => {
    let stock_to_drain = 0;
    for (let cpu = 0; cpu < config.cpus; cpu++) {
      const stock = counter.stock!;
      stock_to_drain += array_load(stock.$nr_pages, cpu);
      array_store(stock.$nr_pages, cpu, 0);
    }
    if (stock_to_drain) page_counter_uncharge(counter, stock_to_drain);
  },
);

/** page_counter_disable_stock() Context: the cgroup goes offline. */
export const page_counter_disable_stock = kernel(
  "page_counter_disable_stock",
  (counter: page_counter): void => {
    if (!counter.stock) return;
    WRITE_ONCE(counter.$batch, 0); // nobody puts pages in any more
    page_counter_drain_stock_nolock(counter);
  },
);

/** page_counter_drain_stock_local(): that of this CPU. Context: task. */
export const page_counter_drain_stock_local = kernel(
  "page_counter_drain_stock_local",
  (counter: page_counter): void => {
    if (!counter.stock) return;
    local_lock(stock_lock);
    const stock = counter.stock!;
    const nr_pages = array_load(stock.$nr_pages, smp_processor_id());
    array_store(stock.$nr_pages, smp_processor_id(), 0);
    local_unlock(stock_lock);
    if (nr_pages) page_counter_uncharge(counter, nr_pages);
  },
);

/** page_counter_drain_stock_cpu() Context: the CPU is dead. */
export const page_counter_drain_stock_cpu = kernel(
  "page_counter_drain_stock_cpu",
  (counter: page_counter, cpu: number): void => {
    if (!counter.stock) return;
    const stock = counter.stock!;
    const nr_pages = array_load(stock.$nr_pages, cpu);
    if (nr_pages) {
      array_store(stock.$nr_pages, cpu, 0);
      page_counter_uncharge(counter, nr_pages);
    }
  },
);

/** drain_stock_on_cpu() Context: kworker of the CPU. */
export const drain_stock_on_cpu = kernel("drain_stock_on_cpu", (root_memcg: mem_cgroup): void => {
  for_each_mem_cgroup_tree(root_memcg, (memcg) => {
    page_counter_drain_stock_local(memcg.memory);
    if (do_memsw_account) page_counter_drain_stock_local(memcg.memsw);
  });
});

/** Of page_counter_try_charge(): pages out of the stock of this CPU. */
function take_from_stock(counter: page_counter, nr_pages: number): boolean {
  if (!counter.stock || !local_trylock(stock_lock)) return false;
  const stock = counter.stock!;
  const cpu = smp_processor_id();
  const ret = array_load(stock.$nr_pages, cpu) >= nr_pages;
  if (ret) array_store(stock.$nr_pages, cpu, array_load(stock.$nr_pages, cpu) - nr_pages);
  local_unlock(stock_lock);
  return ret;
}

/** Of page_counter_try_charge(): pages that are charged, and not asked for. */
function put_into_stock(counter: page_counter, nr_pages: number): void {
  if (!local_trylock(stock_lock)) return page_counter_uncharge(counter, nr_pages);
  const stock = counter.stock!;
  const cpu = smp_processor_id();
  array_store(stock.$nr_pages, cpu, array_load(stock.$nr_pages, cpu) + nr_pages);
  local_unlock(stock_lock);
}

/** Of page_counter_try_charge(): all levels, as without stocks. */
function charge_levels(counter: page_counter, nr_pages: number): page_counter | null {
  let fail: page_counter | null = null;
  for (let c: page_counter | null = counter; c; c = c.parent) {
    const now = atomic_add_return(nr_pages, c.$usage);
    if (now <= c.max) continue;
    atomic_sub(nr_pages, c.$usage);
    fail = c;
    break;
  }
  if (!fail) return null;
  for (let c: page_counter = counter; c !== fail; c = c.parent!) page_counter_cancel(c, nr_pages);
  return fail;
}

/** The end of mem_cgroup_css_offline(): no charge puts anything into a stock any more. */
export function disable_stocks(memcg: mem_cgroup): void {
  page_counter_disable_stock(memcg.memory);
  if (do_memsw_account) page_counter_disable_stock(memcg.memsw);
}

/** mem_cgroup_css_offline(), with how stocks are drained and disabled. Context: cgroup_mutex. */
export function css_offline_with(css: cgroup_subsys_state, drain: (m: mem_cgroup) => void): void {
  const memcg = container_of(css, mem_cgroup);
  memcg_offline_kmem(memcg);
  memcg_reparent_objcgs(memcg, parent_mem_cgroup(memcg)!);
  drain(memcg);
  mem_cgroup_id_put(memcg);
}

const COUNTERS = countersCharged(page_counter_try_charge);

export default draft({
  bug: "b25b",
  subject: "mm/page_counter: introduce per-page_counter stock (version 3 of 25 May 2026)",
  link: "https://lore.kernel.org/r/20260525190455.2843786-2-joshua.hahnjy@gmail.com",
  version: "v7.2",
  needs: ["page_counter_stock"],
  adds: [
    "page_counter_enable_stock",
    "page_counter_drain_stock_nolock",
    "page_counter_disable_stock",
    "page_counter_drain_stock_local",
    "page_counter_drain_stock_cpu",
    "drain_stock_on_cpu",
  ],
}, {
  page_counter_try_charge(counter: page_counter, nr_pages: number): page_counter | null {
    const batch = READ_ONCE(counter.$batch);
    if (take_from_stock(counter, nr_pages)) return null;
    const charge = Math.max(batch, nr_pages);
    const fail = charge_levels(counter, charge);
    if (fail) return charge > nr_pages ? charge_levels(counter, nr_pages) : fail;
    if (charge > nr_pages) put_into_stock(counter, charge - nr_pages);
    return null;
  },

  page_counter_free_stock(counter: page_counter): void {
    if (!counter.stock) return;
    page_counter_drain_stock_nolock(counter);
    kfree(counter.stock); // free_percpu()
    counter.stock = null;
  },

  try_charge_memcg: (memcg: mem_cgroup, gfp_mask: gfp_t, nr_pages: number): number =>
    try_charge_counters(COUNTERS, memcg, gfp_mask, nr_pages),

  drain_counters(root_memcg: mem_cgroup): void {
    for (let cpu = 0; cpu < config.cpus; cpu++) {
      if (isOnline(cpu)) work_on_cpu(cpu, drain_stock_on_cpu, root_memcg);
    }
  },

  mem_cgroup_css_online: (css: cgroup_subsys_state): number =>
    css_online_with_stocks(css, page_counter_enable_stock),

  mem_cgroup_css_offline: (css: cgroup_subsys_state): void =>
    css_offline_with(css, (memcg) => {
      drain_all_stock(memcg);
      disable_stocks(memcg);
    }),

  memcg_hotplug_cpu_dead: (cpu: number): number =>
    cpu_dead(cpu, (memcg) => {
      page_counter_drain_stock_cpu(memcg.memory, cpu);
      if (do_memsw_account) page_counter_drain_stock_cpu(memcg.memsw, cpu);
    }),
});
