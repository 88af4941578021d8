/**
 * The memory controller's css callbacks, and kmem online/offline — mm/memcontrol.c.
 *
 * @module
 */
import { clear_bit, READ_ONCE, set_bit } from "../machine/memory/access.ts";
import { config } from "../machine/words/config.ts";
import { BUG_ON } from "../machine/findings/warn.ts";
import { UNINIT } from "../machine/hooks/uninit.ts";
import { kernel } from "../machine/calls/registry.ts";
import { container_of } from "../machine/memory/struct.ts";
import { CSS_NO_REF } from "./cgroup-defs.ts";
import {
  cgroup_init_subsys,
  cgroup_subsys_state,
  css_get,
  init_and_link_css,
  online_css,
} from "./cgroup.ts";
import { ENOMEM, GFP_KERNEL } from "./errno.ts";
import { INIT_LIST_HEAD, list_add } from "./list.ts";
import { mem_cgroup_bind, mem_cgroup_inherit_hierarchy } from "./memcontrol-hierarchy.ts";
import { memcg_reparent_objcgs, obj_cgroup_alloc } from "./memcontrol-objcg.ts";
import {
  mem_cgroup_alloc_id,
  mem_cgroup_id_put,
  mem_cgroup_id_remove,
  mem_cgroup_idr_init,
  mem_cgroup_publish_id,
} from "./memcontrol-id.ts";
import { drain_all_stock, drain_local_stock, parent_mem_cgroup } from "./memcontrol.ts";
import {
  cache_ids,
  KMEM_ALLOCATED,
  KMEM_NONE,
  KMEM_ONLINE,
  mem_cgroup,
  memcg_stock,
  root_mem_cgroup,
  set_root_mem_cgroup,
} from "./memcontrol-types.ts";
import { page_counter_init } from "./page_counter.ts";
import { rcu_assign_pointer } from "./rcu.ts";
import { refcount_set } from "./refcount.ts";
import { kfree, kmalloc_may_fail, kzalloc } from "./slab.ts";
import { INIT_WORK } from "./workqueue.ts";
import { sched_init } from "./sched.ts";

/** memcg_alloc_cache_id(): an id, or an error. Context: cgroup_mutex; may sleep. */
export const memcg_alloc_cache_id = kernel("memcg_alloc_cache_id", (): number => {
  if (!kmalloc_may_fail(GFP_KERNEL)) return -ENOMEM; // ida_simple_get()
  const used = READ_ONCE(cache_ids().$cache_ids); // under the xarray's lock
  let id = 0;
  while ((used >>> id) & 1) id++;
  set_bit(id, cache_ids().$cache_ids);
  return id;
});

/** memcg_free_cache_id() */
export const memcg_free_cache_id = kernel("memcg_free_cache_id", (id: number): void => {
  clear_bit(id, cache_ids().$cache_ids);
});

/** memcg_online_kmem() Context: cgroup_mutex, from css_alloc. */
export const memcg_online_kmem = kernel("memcg_online_kmem", (memcg: mem_cgroup): number => {
  const ret = UNINIT; // the patch declares it and never assigns it
  BUG_ON(memcg.kmemcg_id >= 0);
  BUG_ON(memcg.kmem_state);
  const memcg_id = memcg_alloc_cache_id();
  if (memcg_id < 0) return memcg_id;
  const objcg = obj_cgroup_alloc();
  if (!objcg) {
    memcg_free_cache_id(memcg_id);
    return ret;
  }
  objcg.memcg = memcg;
  rcu_assign_pointer(memcg.$objcg, objcg);
  list_add(objcg.list, memcg.objcg_list);
  memcg.kmemcg_id = memcg_id;
  memcg.kmem_state = KMEM_ONLINE;
  return 0;
});

/** memcg_offline_kmem() Context: cgroup_mutex. */
export const memcg_offline_kmem = kernel("memcg_offline_kmem", (memcg: mem_cgroup): void => {
  if (memcg.kmem_state !== KMEM_ONLINE) return;
  memcg.kmem_state = KMEM_ALLOCATED;
  const parent = parent_mem_cgroup(memcg) ?? root_mem_cgroup();
  memcg_reparent_objcgs(memcg, parent);
  const kmemcg_id = memcg.kmemcg_id;
  BUG_ON(kmemcg_id < 0);
  // MODEL: list_lrus, and the ids of offline descendants, are left out.
  memcg.kmemcg_id = parent.kmemcg_id;
  memcg_free_cache_id(kmemcg_id);
});

/** memcg_free_kmem(): kmem is online if css creation failed after css_alloc. Context: kworker. */
export const memcg_free_kmem = kernel("memcg_free_kmem", (memcg: mem_cgroup): void => {
  if (memcg.kmem_state === KMEM_ONLINE) memcg_offline_kmem(memcg);
});

/** mem_cgroup_alloc() Context: may sleep. */
export const mem_cgroup_alloc = kernel("mem_cgroup_alloc", (): mem_cgroup | null => {
  const memcg = kzalloc(mem_cgroup, GFP_KERNEL);
  if (!memcg) return null;
  memcg.id.id = mem_cgroup_alloc_id();
  if (memcg.id.id < 0 || !kmalloc_may_fail(GFP_KERNEL)) { // vmstats_percpu
    mem_cgroup_id_remove(memcg);
    kfree(memcg); // __mem_cgroup_free()
    return null;
  }
  memcg.kmemcg_id = -1;
  memcg.kmem_state = KMEM_NONE;
  INIT_LIST_HEAD(memcg.objcg_list);
  mem_cgroup_publish_id(memcg);
  return memcg;
});

/**
 * mem_cgroup_css_alloc(): a css, or an error, which is -ENOMEM whatever the reason (until
 * 11d6761218d1, v5.7). Context: cgroup_mutex.
 */
export const mem_cgroup_css_alloc = kernel(
  "mem_cgroup_css_alloc",
  (parent_css: cgroup_subsys_state | null): cgroup_subsys_state | number => {
    const memcg = mem_cgroup_alloc();
    if (!memcg) return -ENOMEM;
    if (!parent_css) {
      page_counter_init(memcg.memory, null);
      return memcg.css;
    }
    const parent = container_of(parent_css, mem_cgroup);
    page_counter_init(memcg.memory, mem_cgroup_inherit_hierarchy(memcg, parent));
    const error = memcg_online_kmem(memcg);
    if (error) {
      mem_cgroup_id_remove(memcg);
      kfree(memcg); // mem_cgroup_free()
      return -ENOMEM;
    }
    return memcg.css;
  },
);

/** mem_cgroup_css_online() Context: cgroup_mutex. */
export const mem_cgroup_css_online = kernel(
  "mem_cgroup_css_online",
  (css: cgroup_subsys_state): number => {
    const memcg = container_of(css, mem_cgroup);
    if (!kmalloc_may_fail(GFP_KERNEL)) { // memcg_alloc_shrinker_maps()
      mem_cgroup_id_remove(memcg);
      return -ENOMEM;
    }
    // Online state pins memcg ID, memcg ID pins CSS.
    refcount_set(memcg.id.ref, 1);
    css_get(css);
    return 0;
  },
);

/** mem_cgroup_css_offline() Context: cgroup_mutex. */
export const mem_cgroup_css_offline = kernel(
  "mem_cgroup_css_offline",
  (css: cgroup_subsys_state): void => {
    const memcg = container_of(css, mem_cgroup);
    memcg_offline_kmem(memcg);
    drain_all_stock(memcg);
    mem_cgroup_id_put(memcg);
  },
);

/** mem_cgroup_css_free() Context: kworker, after a grace period. */
export const mem_cgroup_css_free = kernel(
  "mem_cgroup_css_free",
  (css: cgroup_subsys_state): void => {
    const memcg = container_of(css, mem_cgroup);
    memcg_free_kmem(memcg);
    kfree(memcg); // mem_cgroup_free()
  },
);

function init_stocks(): void {
  for (let cpu = 0; cpu < config.cpus; cpu++) INIT_WORK(memcg_stock[cpu].work, drain_local_stock);
}

/** The body of mem_cgroup_init(), with the work items of the stocks that the kernel has. */
export function init_memcg(init_stock_works: () => void): void {
  cgroup_init_subsys(
    mem_cgroup_css_alloc,
    mem_cgroup_css_online,
    mem_cgroup_css_offline,
    mem_cgroup_css_free,
  );
  mem_cgroup_idr_init();
  const css = mem_cgroup_css_alloc(null) as cgroup_subsys_state;
  const memcg = container_of(css, mem_cgroup);
  init_and_link_css(css, null);
  css.flags = CSS_NO_REF;
  set_root_mem_cgroup(memcg);
  online_css(css);
  mem_cgroup_bind(); // cgroup_init(): on the default hierarchy
  init_stock_works();
  sched_init(css);
}

/** Boot: the root cgroup, the per-CPU stocks' work items, the tasks. */
export const mem_cgroup_init = kernel("mem_cgroup_init", (): void => init_memcg(init_stocks));
