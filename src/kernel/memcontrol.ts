/**
 * Charging pages, and the per-CPU page stock — mm/memcontrol.c, as of January 2020 with "decouple
 * reference counting from page accounting" (patch 14/28 of the posted series): the stock and every
 * kernel page hold a css reference; charged pages do not.
 *
 * MODEL: `memory` is the only counter, on a cgroup1 hierarchy too. Reclaim frees nothing and the OOM
 * killer kills nobody: a charge above the limit is retried once after the stocks are drained, and then
 * it fails, unless it must not. Whether others made room meanwhile (mem_cgroup_margin()) is not asked
 * before.
 *
 * @module
 */
import { clear_bit, test_and_set_bit } from "../machine/memory/access.ts";
import { config } from "../machine/words/config.ts";
import { ONLINE } from "../machine/layout/cpus.ts";
import { views } from "../machine/words/arena.ts";
import { prototype } from "../machine/calls/prototype.ts";
import { kernel } from "../machine/calls/registry.ts";
import { container_of } from "../machine/memory/struct.ts";
import { css_get, css_put, css_tryget } from "./cgroup.ts";
import {
  __GFP_ATOMIC,
  __GFP_NOFAIL,
  __GFP_NORETRY,
  ENOMEM,
  type gfp_t,
  gfpflags_allow_blocking,
} from "./errno.ts";
import {
  FLUSHING_CACHED_CHARGE,
  mem_cgroup,
  MEMCG_CHARGE_BATCH,
  memcg_stock,
  memcg_stock_lock,
  type memcg_stock_pcp,
  type page,
  root_mem_cgroup,
  this_cpu_ptr,
} from "./memcontrol-types.ts";
import { use_hierarchy } from "./memcontrol-hierarchy.ts";
import {
  page_counter_charge,
  page_counter_set_max,
  page_counter_try_charge,
  page_counter_uncharge,
} from "./page_counter.ts";
import { rcu_read_lock, rcu_read_unlock } from "./rcu.ts";
import { current, PF_EXITING, task_css, type task_struct } from "./sched.ts";
import {
  DEFINE_MUTEX,
  get_cpu,
  local_lock_irqsave,
  local_unlock_irqrestore,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  put_cpu,
} from "./spinlock.ts";
import { has } from "./version.ts";
import { schedule_work_on } from "./workqueue.ts";

const { ctl } = views();

// mm/memcontrol.c declares these two above the stock as well; memcontrol-objcg.ts has them.
const drain_obj_stock = prototype<(stock: memcg_stock_pcp) => void>("drain_obj_stock", 1);
const obj_stock_flush_required = prototype<
  (stock: memcg_stock_pcp, root_memcg: mem_cgroup) => boolean
>("obj_stock_flush_required", 2);

export const MEM_CGROUP_RECLAIM_RETRIES = 1;

export const percpu_charge_mutex = DEFINE_MUTEX("percpu_charge_mutex");
export const memcg_max_mutex = DEFINE_MUTEX("memcg_max_mutex");

/** mem_cgroup_is_root() */
export function mem_cgroup_is_root(memcg: mem_cgroup): boolean {
  return memcg === root_mem_cgroup();
}

/** bef8620cd8e0 (v5.11): counters are linked as cgroups are. */
const one_hierarchy = has("bef8620cd8e0");

/**
 * parent_mem_cgroup(): the memcg whose counter is above that of this one. Until bef8620cd8e0 (v5.11) that
 * need not be the parent of its css: without use_hierarchy there is none, since 8de15e920dc8 (v5.10) it
 * is the root. (The kernel asks the counter until v5.17, and its result is that of css->parent.)
 */
export function parent_mem_cgroup(memcg: mem_cgroup): mem_cgroup | null {
  const parent = one_hierarchy ? memcg.css.parent : memcg.memory.parent;
  return parent ? container_of(parent, mem_cgroup) : null;
}

/** mem_cgroup_from_task() Context: rcu_read_lock(). */
export function mem_cgroup_from_task(task: task_struct): mem_cgroup {
  return container_of(task_css(task), mem_cgroup);
}

/** mem_cgroup_is_descendant() Context: `memcg` cannot be freed under the caller. */
export const mem_cgroup_is_descendant = kernel(
  "mem_cgroup_is_descendant",
  (memcg: mem_cgroup, root: mem_cgroup): boolean => {
    if (root === memcg) return true;
    if (!use_hierarchy(root)) return false;
    // cgroup_is_descendant() compares the ids kept in the cgroup itself.
    for (let css = memcg.css; css; css = css.parent!) if (css === root.css) return true;
    return false;
  },
  { inline: true },
);

/** consume_stock(): take pages from this CPU's stock. Context: any. */
export const consume_stock = kernel(
  "consume_stock",
  (memcg: mem_cgroup, nr_pages: number): boolean => {
    let ret = false;
    if (nr_pages > MEMCG_CHARGE_BATCH) return ret;
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (memcg === stock.cached && stock.nr_pages >= nr_pages) {
      stock.nr_pages -= nr_pages;
      ret = true;
    }
    local_unlock_irqrestore(memcg_stock_lock, flags);
    return ret;
  },
  // 01d37228d331 (v6.15) tells it the GFP flags, and 2fba5961c64c (v6.16) does not any more.
  { arity: has("01d37228d331") ? 3 : 2 },
);

/** drain_stock(): return the pages of the stock. Context: irqs off, or the CPU is dead. */
export const drain_stock = kernel("drain_stock", (stock: memcg_stock_pcp): void => {
  const old = stock.cached;
  if (!old) return;
  if (stock.nr_pages) {
    page_counter_uncharge(old.memory, stock.nr_pages);
    stock.nr_pages = 0;
  }
  css_put(old.css);
  stock.cached = null;
}, { arity: has("f735eebe55f8") ? 2 : 1 }); // which slot: since f735eebe55f8 (v6.16)

/** drain_local_stock() Context: this CPU. */
export const drain_local_stock = kernel("drain_local_stock", (_dummy: unknown): void => {
  const flags = local_lock_irqsave(memcg_stock_lock);
  const stock = this_cpu_ptr(memcg_stock);
  drain_obj_stock(stock);
  drain_stock(stock);
  clear_bit(FLUSHING_CACHED_CHARGE, stock.$flags);
  local_unlock_irqrestore(memcg_stock_lock, flags);
});

/** refill_stock(): put charged pages into this CPU's stock. Context: any. */
export const refill_stock = kernel("refill_stock", (memcg: mem_cgroup, nr_pages: number): void => {
  const flags = local_lock_irqsave(memcg_stock_lock);
  const stock = this_cpu_ptr(memcg_stock);
  if (stock.cached !== memcg) {
    drain_stock(stock);
    css_get(memcg.css);
    stock.cached = memcg;
  }
  stock.nr_pages += nr_pages;
  if (stock.nr_pages > MEMCG_CHARGE_BATCH) drain_stock(stock);
  local_unlock_irqrestore(memcg_stock_lock, flags);
});

/** drain_all_stock(): ask every CPU that caches charges of the subtree to drain. Context: task. */
export const drain_all_stock = kernel("drain_all_stock", (root_memcg: mem_cgroup): void => {
  if (!mutex_trylock(percpu_charge_mutex)) return;
  const curcpu = get_cpu();
  for (let cpu = 0; cpu < config.cpus; cpu++) {
    if (((ctl[ONLINE] >> cpu) & 1) === 0) continue; // for_each_online_cpu()
    const stock = memcg_stock[cpu];
    let flush = false;
    rcu_read_lock();
    const memcg = stock.cached;
    if (memcg && stock.nr_pages && mem_cgroup_is_descendant(memcg, root_memcg)) flush = true;
    if (obj_stock_flush_required(stock, root_memcg)) flush = true;
    rcu_read_unlock();
    if (flush && !test_and_set_bit(FLUSHING_CACHED_CHARGE, stock.$flags)) {
      if (cpu === curcpu) drain_local_stock(stock.work);
      else schedule_work_on(cpu, stock.work);
    }
  }
  put_cpu();
  mutex_unlock(percpu_charge_mutex);
});

/** memcg_hotplug_cpu_dead() Context: task on another CPU. The dead CPU runs nothing. */
export const memcg_hotplug_cpu_dead = kernel("memcg_hotplug_cpu_dead", (cpu: number): number => {
  drain_stock(memcg_stock[cpu]);
  return 0;
});

/** should_force_charge(): a task that exits frees more than it takes. */
export function should_force_charge(): boolean {
  return (current().flags & PF_EXITING) !== 0;
}

/** The end of try_charge(): the limit is exceeded, for the allocation must not fail. */
export function force_charge(memcg: mem_cgroup, nr_pages: number): number {
  page_counter_charge(memcg.memory, nr_pages);
  return 0;
}

/** try_charge() Context: any; may sleep if gfp says so. */
export const try_charge = kernel(
  "try_charge",
  (memcg: mem_cgroup, gfp_mask: gfp_t, nr_pages: number): number => {
    if (mem_cgroup_is_root(memcg)) return 0;
    let batch = Math.max(MEMCG_CHARGE_BATCH, nr_pages);
    let nr_retries = MEM_CGROUP_RECLAIM_RETRIES;
    let drained = false;
    for (;;) {
      if (consume_stock(memcg, nr_pages)) return 0;
      const counter = page_counter_try_charge(memcg.memory, batch);
      if (!counter) break;
      if (batch > nr_pages) {
        batch = nr_pages;
        continue;
      }
      // Atomic allocations are privileged here as they are in the zones (869712fd3de5, v5.4).
      if (gfp_mask & __GFP_ATOMIC) return force_charge(memcg, nr_pages);
      if (should_force_charge()) return force_charge(memcg, nr_pages);
      if (gfpflags_allow_blocking(gfp_mask)) {
        if (!drained) {
          drain_all_stock(container_of(counter, mem_cgroup));
          drained = true;
          continue;
        }
        if (!(gfp_mask & __GFP_NORETRY) && nr_retries-- > 0) continue;
      }
      if (gfp_mask & __GFP_NOFAIL) return force_charge(memcg, nr_pages);
      return -ENOMEM;
    }
    if (batch > nr_pages) refill_stock(memcg, batch - nr_pages);
    return 0;
  },
);

/** __memcg_kmem_charge() Context: `memcg` cannot be freed under the caller. */
export const __memcg_kmem_charge = kernel(
  "__memcg_kmem_charge",
  (memcg: mem_cgroup, gfp: gfp_t, nr_pages: number): number => try_charge(memcg, gfp, nr_pages),
);

/** __memcg_kmem_uncharge() Context: any; `memcg` cannot be freed under the caller. */
export const __memcg_kmem_uncharge = kernel(
  "__memcg_kmem_uncharge",
  (memcg: mem_cgroup, nr_pages: number): void => page_counter_uncharge(memcg.memory, nr_pages),
);

/** get_mem_cgroup_from_current(): takes a reference. Context: task. */
export const get_mem_cgroup_from_current = kernel(
  "get_mem_cgroup_from_current",
  (): mem_cgroup => {
    rcu_read_lock();
    const active = current().active_memcg as mem_cgroup | null;
    let memcg: mem_cgroup;
    if (active) {
      // The scope that set active_memcg holds a reference.
      memcg = css_tryget(active.css) ? active : root_mem_cgroup();
    } else if (!current().mm) {
      memcg = root_mem_cgroup();
    } else {
      do memcg = mem_cgroup_from_task(current()); while (!css_tryget(memcg.css));
    }
    rcu_read_unlock();
    return memcg;
  },
  { inline: true },
);

/** __memcg_kmem_charge_page(): the page holds a css reference. Context: task; may sleep. */
export const __memcg_kmem_charge_page = kernel(
  "__memcg_kmem_charge_page",
  (page: page, gfp: gfp_t, order: number): number => {
    const memcg = get_mem_cgroup_from_current();
    if (!mem_cgroup_is_root(memcg)) {
      const ret = __memcg_kmem_charge(memcg, gfp, 1 << order);
      if (!ret) {
        page.mem_cgroup = memcg;
        return 0;
      }
      css_put(memcg.css);
      return ret;
    }
    css_put(memcg.css);
    return 0;
  },
);

/** __memcg_kmem_uncharge_page() Context: any. */
export const __memcg_kmem_uncharge_page = kernel(
  "__memcg_kmem_uncharge_page",
  (page: page, order: number): void => {
    const memcg = page.mem_cgroup;
    if (!memcg) return;
    __memcg_kmem_uncharge(memcg, 1 << order);
    page.mem_cgroup = null;
    css_put(memcg.css);
  },
);

/** page_counter_set_max() for one writer at a time. Context: task. */
function set_max(memcg: mem_cgroup, max: number): number {
  mutex_lock(memcg_max_mutex);
  const ret = page_counter_set_max(memcg.memory, max);
  mutex_unlock(memcg_max_mutex);
  return ret;
}

/**
 * mem_cgroup_resize_max(): change the limit; if more pages are in use, drain and retry. Context: task.
 */
export const mem_cgroup_resize_max = kernel(
  "mem_cgroup_resize_max",
  (memcg: mem_cgroup, max: number): number => {
    let ret = set_max(memcg, max);
    if (ret) {
      drain_all_stock(memcg);
      ret = set_max(memcg, max);
    }
    return ret;
  },
  { arity: has("memsw") ? 3 : 2 }, // memory, or memory and swap
);
