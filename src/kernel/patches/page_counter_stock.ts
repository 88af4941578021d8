/**
 * "mm/memcontrol, page_counter: move stock from mem_cgroup to page_counter", version 4 of 23 June 2026, which
 * is made for the release after the next and was not merged when this was written.
 *
 * Each counter of a cgroup, memory and memsw, has a stock of its own for each CPU: a number that is changed by
 * atomic operations only. Only its own CPU takes from it and adds to it; whoever drains takes all of it from
 * any CPU, so nobody is asked to drain and no lock is needed. What is uncharged never goes back into a stock.
 *
 * B25: the rollback of a charge to memsw uncharges the counter, also if the pages came out of the stock. The
 * review asked whether that takes off pages that were never charged. They were: when they came into the stock.
 *
 * @module
 */
import {
  atomic_add,
  atomic_read,
  cmpxchg,
  element,
  READ_ONCE,
  xchg,
} from "../../machine/memory/access.ts";
import { isOnline } from "../../machine/context/cpus.ts";
import { kernel } from "../../machine/calls/registry.ts";
import { container_of } from "../../machine/memory/struct.ts";
import { config } from "../../machine/words/config.ts";
import { type cgroup_subsys_state, css_put, memory_cgrp_subsys } from "../cgroup.ts";
import {
  __GFP_HIGH,
  __GFP_NOFAIL,
  __GFP_NORETRY,
  ENOMEM,
  GFP_KERNEL,
  type gfp_t,
  gfpflags_allow_blocking,
} from "../errno.ts";
import { mem_cgroup_css_free } from "../memcontrol-css.ts";
import { for_each_mem_cgroup, for_each_mem_cgroup_tree } from "../memcontrol-iter.ts";
import { type Counters, countersCharged, do_memsw_account } from "../memcontrol-memsw.ts";
import { drain_obj_stock } from "../memcontrol-objcg.ts";
import { drain_all_stock, mem_cgroup_is_root, MEM_CGROUP_RECLAIM_RETRIES } from "../memcontrol.ts";
import { mem_cgroup, MEMCG_CHARGE_BATCH, type obj_cgroup, obj_stock } from "../memcontrol-types.ts";
import {
  type page_counter,
  page_counter_stock,
  page_counter_try_charge,
  page_counter_uncharge,
} from "../page_counter.ts";
import { kfree, kzalloc } from "../slab.ts";
import { preempt_disable, preempt_enable, smp_processor_id } from "../spinlock.ts";
import { alloc_objcgs_or, kill_objcgs } from "./01b9da291c49-objcg-of-each-node.ts";
import { memcg_uncharge } from "./89f342af6603-memcg-uncharge.ts";
import { css_online_with } from "./aa01ec1325e2-objcg-of-every-memcg.ts";
import { get_mem_cgroup_from_objcg } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { around, coming } from "./patch.ts";

/** alloc_percpu(struct page_counter_stock), and the stores that make it the counter's. Context: may sleep. */
export function alloc_stock(counter: page_counter, batch: number): number {
  const stock = kzalloc(page_counter_stock!, GFP_KERNEL);
  if (!stock) return -ENOMEM;
  counter.stock = stock;
  counter.batch = batch;
  return 0;
}

/** page_counter_alloc_stock() Context: nobody charges the counter yet. */
export const page_counter_alloc_stock = kernel(
  "page_counter_alloc_stock",
  (counter: page_counter, batch: number): number => alloc_stock(counter, batch),
);

/** page_counter_drain_stock(): that of a CPU, from any CPU. Context: any. */
export const page_counter_drain_stock = kernel(
  "page_counter_drain_stock",
  (counter: page_counter, cpu: number): void => {
    if (!counter.stock) return;
    const nr_pages = xchg(element(counter.stock!.$nr_pages, cpu), 0);
    if (nr_pages) page_counter_uncharge(counter, nr_pages);
  },
);

/** page_counter_free_stock() Context: nobody charges the counter any more. */
export const page_counter_free_stock = kernel(
  "page_counter_free_stock",
  (counter: page_counter): void => {
    if (!counter.stock) return;
    for (let cpu = 0; cpu < config.cpus; cpu++) page_counter_drain_stock(counter, cpu);
    kfree(counter.stock); // free_percpu()
    counter.stock = null;
  },
);

/** The first half of page_counter_try_charge_stock(): pages out of the stock of this CPU. */
function take_from_stock(counter: page_counter, nr_pages: number): boolean {
  preempt_disable();
  const stock = element(counter.stock!.$nr_pages, smp_processor_id());
  let old = atomic_read(stock);
  while (old >= nr_pages) {
    const seen = cmpxchg(stock, old, old - nr_pages); // atomic_try_cmpxchg()
    if (seen === old) {
      preempt_enable();
      return true;
    }
    old = seen;
  }
  preempt_enable();
  return false;
}

/** The other half: pages to the counter and all above, and what is not asked for into the stock. */
function charge_greedily(counter: page_counter, nr_pages: number): boolean {
  const charge = Math.max(READ_ONCE(counter.$batch), nr_pages);
  if (charge <= nr_pages || page_counter_try_charge(counter, charge)) return false;
  preempt_disable();
  atomic_add(charge - nr_pages, element(counter.stock!.$nr_pages, smp_processor_id()));
  preempt_enable();
  return true;
}

/**
 * page_counter_try_charge_stock() Context: any.
 *
 * MODEL: as of page_counter_try_charge(), `fail` is the return value. `nr_charged`, which is for memory.high,
 * is left out.
 */
export const page_counter_try_charge_stock = kernel(
  "page_counter_try_charge_stock",
  (counter: page_counter, nr_pages: number): page_counter | null => {
    if (counter.stock) {
      if (take_from_stock(counter, nr_pages) || charge_greedily(counter, nr_pages)) return null;
    }
    return page_counter_try_charge(counter, nr_pages);
  },
);

/** The body of try_charge_memcg(): whatever stocks there are, the counters know them. */
export function try_charge_counters(
  counters: Counters,
  memcg: mem_cgroup,
  gfp_mask: gfp_t,
  nr_pages: number,
): number {
  let nr_retries = MEM_CGROUP_RECLAIM_RETRIES;
  let drained = false;
  for (;;) {
    const counter = counters.try_charge(memcg, nr_pages);
    if (!counter) return 0;
    if (gfpflags_allow_blocking(gfp_mask)) {
      if (!drained) {
        drain_all_stock(container_of(counter, mem_cgroup));
        drained = true;
        continue;
      }
      if (!(gfp_mask & __GFP_NORETRY) && nr_retries-- > 0) continue;
    }
    if (gfp_mask & (__GFP_NOFAIL | __GFP_HIGH)) return counters.force(memcg, nr_pages);
    return -ENOMEM;
  }
}

/** memcg_drain_stock() Context: any. */
export const memcg_drain_stock = kernel(
  "memcg_drain_stock",
  (memcg: mem_cgroup, cpu: number): void => {
    page_counter_drain_stock(memcg.memory, cpu);
    if (do_memsw_account) page_counter_drain_stock(memcg.memsw, cpu);
  },
);

/** Of drain_all_stock(): all stocks of the subtree. Context: percpu_charge_mutex. */
export const drain_counters = kernel("drain_counters", (root_memcg: mem_cgroup): void => {
  for_each_mem_cgroup_tree(root_memcg, (memcg) => {
    for (let cpu = 0; cpu < config.cpus; cpu++) if (isOnline(cpu)) memcg_drain_stock(memcg, cpu);
  });
}, { inline: true });

/** mem_cgroup_css_free(), with what mem_cgroup_free() does first. Context: kworker. */
export const mem_cgroup_css_free_stocks = kernel(
  "mem_cgroup_css_free_stocks",
  (css: cgroup_subsys_state): void => {
    const memcg = container_of(css, mem_cgroup);
    page_counter_free_stock(memcg.memory);
    if (do_memsw_account) page_counter_free_stock(memcg.memsw);
    mem_cgroup_css_free(css);
  },
  { inline: true },
);

/** mem_cgroup_css_online(), with what gives a counter its stock; without memory for it, it has none. */
export function css_online_with_stocks(
  css: cgroup_subsys_state,
  alloc: (counter: page_counter, batch: number) => number,
): number {
  return css_online_with(css, (memcg) => alloc_objcgs_or(memcg, kill_objcgs), (memcg) => {
    alloc(memcg.memory, MEMCG_CHARGE_BATCH);
    if (do_memsw_account) alloc(memcg.memsw, MEMCG_CHARGE_BATCH);
  });
}

/** memcg_hotplug_cpu_dead(), with what drains the counters of a cgroup. */
export function cpu_dead(cpu: number, drain: (memcg: mem_cgroup, cpu: number) => void): number {
  drain_obj_stock(obj_stock[cpu]);
  for_each_mem_cgroup((memcg) => drain(memcg, cpu));
  return 0;
}

const STOCKED = countersCharged(page_counter_try_charge_stock);

export default coming({
  name: "page_counter_stock",
  subject: "mm/memcontrol: convert memcg to use page_counter_stock",
  link: "https://lore.kernel.org/r/20260623180124.868655-1-joshua.hahnjy@gmail.com",
  version: "v7.3",
  needs: ["01b9da291c49", "89f342af6603", "aa01ec1325e2", "c80509ef65e4", "e74d225910ec"],
  adds: [
    "page_counter_alloc_stock",
    "page_counter_drain_stock",
    "page_counter_free_stock",
    "page_counter_try_charge_stock",
    "memcg_drain_stock",
    "drain_counters",
    "mem_cgroup_css_free_stocks",
  ],
}, {
  mem_cgroup_init: around((original) => (): void => {
    original();
    memory_cgrp_subsys.css_free = mem_cgroup_css_free_stocks;
  }),

  mem_cgroup_css_online: (css: cgroup_subsys_state): number =>
    css_online_with_stocks(css, page_counter_alloc_stock),

  try_charge_memcg: (memcg: mem_cgroup, gfp_mask: gfp_t, nr_pages: number): number =>
    try_charge_counters(STOCKED, memcg, gfp_mask, nr_pages),

  obj_cgroup_uncharge_pages(objcg: obj_cgroup, nr_pages: number): void {
    const memcg = get_mem_cgroup_from_objcg(objcg);
    if (!mem_cgroup_is_root(memcg)) memcg_uncharge(memcg, nr_pages);
    css_put(memcg.css);
  },

  memcg_hotplug_cpu_dead: (cpu: number): number => cpu_dead(cpu, memcg_drain_stock),
});
