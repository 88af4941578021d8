/**
 * Accounting of slab objects and kernel pages — mm/slab.h, mm/page_alloc.c (later patches of the
 * posted series, as in v5.9).
 *
 * MODEL: a slab object and its place in page->obj_cgroups[] are one structure. The allocation of
 * the vector can fail.
 *
 * @module
 */
import { TASK } from "../machine/layout/contexts.ts";
import { context } from "../machine/context/interrupt.ts";
import { kernel } from "../machine/calls/registry.ts";
import { container_of } from "../machine/memory/struct.ts";
import { type gfp_t } from "./errno.ts";
import {
  get_obj_cgroup_from_current,
  obj_cgroup_charge,
  obj_cgroup_get,
  obj_cgroup_put,
  obj_cgroup_uncharge,
} from "./memcontrol-objcg.ts";
import { __memcg_kmem_charge_page, __memcg_kmem_uncharge_page } from "./memcontrol.ts";
import { kmem_object, type obj_cgroup, page } from "./memcontrol-types.ts";
import { call_rcu, type rcu_head } from "./rcu.ts";
import { kfree, kmalloc_may_fail, kzalloc } from "./slab.ts";

/** Bytes that an object costs in addition to its own size: the pointer to its objcg. */
export const OBJCG_POINTER_BYTES = 8;

/** obj_full_size() */
export function obj_full_size(size: number): number {
  return size + OBJCG_POINTER_BYTES;
}

/** memcg_slab_post_alloc_hook() for one object. */
export const memcg_slab_post_alloc_hook = kernel(
  "memcg_slab_post_alloc_hook",
  (objcg: obj_cgroup, gfp: gfp_t, object: kmem_object | null, size: number): void => {
    if (object) {
      if (kmalloc_may_fail(gfp)) { // memcg_alloc_page_obj_cgroups()
        obj_cgroup_get(objcg);
        object.objcg = objcg;
      } else {
        obj_cgroup_uncharge(objcg, obj_full_size(size));
      }
    } else {
      obj_cgroup_uncharge(objcg, obj_full_size(size));
    }
    obj_cgroup_put(objcg);
  },
  { inline: true },
);

/**
 * memcg_kmem_bypass() — mm/memcontrol.h. In an interrupt, the kernel does not know which memcg to
 * charge. (From v5.10 on, a memcg can be named for interrupts.)
 */
export function memcg_kmem_bypass(): boolean {
  return context() !== TASK;
}

/** The rest of kmem_cache_alloc(): the object, and memcg_slab_post_alloc_hook() if it is charged. */
export function alloc_object(
  objcg: obj_cgroup | null,
  gfp: gfp_t,
  size: number,
): kmem_object | null {
  const object = kzalloc(kmem_object, gfp);
  if (object) object.size = size;
  if (objcg) memcg_slab_post_alloc_hook(objcg, gfp, object, size);
  return object;
}

/** kmem_cache_alloc() of an accounted cache. Context: any; may sleep if gfp says so. */
export const kmem_cache_alloc = kernel(
  "kmem_cache_alloc",
  (size: number, gfp: gfp_t): kmem_object | null => {
    // memcg_slab_pre_alloc_hook()
    const objcg = memcg_kmem_bypass() ? null : get_obj_cgroup_from_current();
    if (objcg && obj_cgroup_charge(objcg, gfp, obj_full_size(size))) {
      obj_cgroup_put(objcg);
      return null;
    }
    return alloc_object(objcg, gfp, size);
  },
);

/** memcg_slab_free_hook() Context: any. */
export const memcg_slab_free_hook = kernel("memcg_slab_free_hook", (object: kmem_object): void => {
  const objcg = object.objcg;
  if (!objcg) return;
  object.objcg = null;
  obj_cgroup_uncharge(objcg, obj_full_size(object.size));
  obj_cgroup_put(objcg);
}, { inline: true });

/** kmem_cache_free() Context: any but NMI. */
export const kmem_cache_free = kernel("kmem_cache_free", (object: kmem_object): void => {
  memcg_slab_free_hook(object);
  kfree(object);
});

/** The callback of code that frees objects from RCU, such as filesystems. Context: softirq. */
export const kmem_cache_free_callback = kernel(
  "kmem_cache_free_callback",
  (head: rcu_head): void => {
    kmem_cache_free(container_of(head, kmem_object));
  },
);

/** Free an object from an RCU callback. Context: any. */
export const kmem_cache_free_rcu = kernel("kmem_cache_free_rcu", (object: kmem_object): void => {
  call_rcu(object.rcu, kmem_cache_free_callback);
});

/** alloc_pages() with __GFP_ACCOUNT. Context: task; may sleep. */
export const alloc_kmem_pages = kernel(
  "alloc_kmem_pages",
  (order: number, gfp: gfp_t): page | null => {
    const p = kzalloc(page, gfp);
    if (!p) return null;
    p.order = order;
    if (__memcg_kmem_charge_page(p, gfp, order)) {
      kfree(p);
      return null;
    }
    return p;
  },
);

/** __free_pages() Context: any. */
export const free_kmem_pages = kernel("free_kmem_pages", (p: page): void => {
  __memcg_kmem_uncharge_page(p, p.order);
  kfree(p);
});
