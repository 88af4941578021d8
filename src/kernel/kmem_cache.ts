/**
 * Caches of objects of one size — mm/slab_common.c, mm/slub.c.
 *
 * MODEL: every cache is merged with the size class that its objects fit into. kmem_cache_destroy()
 * does not wait for objects whose free is deferred.
 *
 * @module
 */
import { cellOf } from "../machine/layout/lvalue.ts";
import { atomic_add, atomic_inc, atomic_read } from "../machine/memory/access.ts";
import { WARN_ON } from "../machine/findings/warn.ts";
import { kernel } from "../machine/calls/registry.ts";
import { badFree, checkRange } from "../machine/memory/shadow.ts";
import { container_of, struct } from "../machine/memory/struct.ts";
import { objectAt } from "../machine/memory/objects.ts";
import {
  embed,
  type Fields,
  type Fn,
  fn,
  int,
  type Struct,
} from "../machine/memory/struct_type.ts";
import { GFP_ATOMIC, GFP_KERNEL, type gfp_t } from "./errno.ts";
import { type char_ptr, kmalloc_slab } from "./kmalloc.ts";
import { call_rcu, rcu_head } from "./rcu.ts";
import { kfree, kmalloc, kzalloc, slab_alloc_node } from "./slab.ts";

/** Objects keep their type until a grace period is over, so that readers may access them. */
export const SLAB_TYPESAFE_BY_RCU = 1;

export interface kmem_cache extends
  Struct,
  Fields<{
    object_size: number;
    flags: number;
    ctor: Fn | null;
    /** objects in use */
    inuse: number;
  }> {}
export const kmem_cache = struct<kmem_cache>("kmem_cache", {
  object_size: int,
  flags: int,
  ctor: fn,
  inuse: int,
}, 6);

/**
 * A deferred free: CONFIG_SLUB_RCU_DEBUG adds it, so that KASAN sees a use after the grace period.
 */
interface rcu_delayed_free extends Struct, Fields<{ head: rcu_head; object: number }> {}
const rcu_delayed_free = struct<rcu_delayed_free>("rcu_delayed_free", {
  head: embed(rcu_head),
  object: int,
}, 4);

/** kmem_cache_create() Context: may sleep. */
export const kmem_cache_create = kernel(
  "kmem_cache_create",
  (size: number, flags: number, ctor: Fn | null): kmem_cache | null => {
    const s = kzalloc(kmem_cache, GFP_KERNEL);
    if (s === null) return null;
    s.object_size = size;
    s.flags = flags;
    s.ctor = ctor;
    return s;
  },
);

/** kmem_cache_alloc() Context: any; may sleep if gfp says so. */
export const kmem_cache_alloc = kernel(
  "kmem_cache_alloc_noprof",
  (s: kmem_cache, gfp: gfp_t): char_ptr | null => {
    const size = s.object_size;
    const object = slab_alloc_node(kmalloc_slab(size)!, gfp, false, size);
    if (object === null) return null;
    const ctor = s.ctor;
    if (ctor !== null) ctor(object);
    atomic_inc(s.$inuse);
    return object.$bytes;
  },
  { inline: true },
);

export const slab_free_after_rcu_debug = kernel(
  "slab_free_after_rcu_debug",
  (head: rcu_head): void => {
    const delayed = container_of(head, rcu_delayed_free);
    kfree(delayed.object as char_ptr);
    kfree(delayed);
  },
  { inline: true },
);

/** slab_free_hook(): whether the object is free now. If not, it is free after a grace period. */
function slab_free_hook(s: kmem_cache, x: char_ptr): boolean {
  if ((s.flags & SLAB_TYPESAFE_BY_RCU) === 0) return true;
  if (objectAt(cellOf(x)) === null) {
    badFree(cellOf(x)); // kasan_slab_pre_free()
    return false;
  }
  const delayed = kmalloc(rcu_delayed_free, GFP_ATOMIC);
  if (delayed === null) return true;
  delayed.object = x;
  call_rcu(delayed.head, slab_free_after_rcu_debug);
  return false;
}

/** kmem_cache_free() Context: any but NMI. */
export const kmem_cache_free = kernel("slab_free", (s: kmem_cache, x: char_ptr): void => {
  if (slab_free_hook(s, x)) kfree(x);
  atomic_add(-1, s.$inuse);
}, { inline: true });

/** kmem_cache_alloc_bulk(): all or nothing. Context: as for kmem_cache_alloc(). */
export const kmem_cache_alloc_bulk = kernel(
  "kmem_cache_alloc_bulk",
  (s: kmem_cache, gfp: gfp_t, size: number, p: char_ptr[]): number => {
    for (let i = 0; i < size; i++) {
      const object = kmem_cache_alloc(s, gfp);
      if (object === null) {
        kmem_cache_free_bulk(s, i, p);
        return 0;
      }
      p[i] = object;
    }
    return size;
  },
);

/** kmem_cache_free_bulk() Context: as for kmem_cache_free(). */
export const kmem_cache_free_bulk = kernel(
  "kmem_cache_free_bulk",
  (s: kmem_cache, size: number, p: readonly char_ptr[]): void => {
    for (let i = size - 1; i >= 0; i--) kmem_cache_free(s, p[i]);
  },
);

/** kmem_cache_destroy(); NULL is allowed. Context: may sleep. */
export const kmem_cache_destroy = kernel("kmem_cache_destroy", (s: kmem_cache | null): void => {
  if (s === null) return;
  checkRange(s.a, 1, false); // kasan_check_byte()
  WARN_ON(atomic_read(s.$inuse) !== 0, "objects remain in the cache");
  kfree(s);
});
