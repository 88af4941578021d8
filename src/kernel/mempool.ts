/**
 * Pools of elements that are allocated in advance — mm/mempool.c.
 *
 * MODEL: elements come from kmalloc() or a cache, not from the page allocator. Nobody waits for an
 * element.
 *
 * @module
 */
import { cellOf } from "../machine/layout/lvalue.ts";
import { array_load, array_store } from "../machine/memory/access.ts";
import { BUG_ON } from "../machine/findings/warn.ts";
import { kernel } from "../machine/calls/registry.ts";
import { slabPark } from "../machine/memory/slab.ts";
import {
  array,
  embed,
  type Fields,
  int,
  type Lvalue,
  type Ptr,
  ptr,
  type Struct,
} from "../machine/memory/struct_type.ts";
import { struct } from "../machine/memory/struct.ts";
import { ENOMEM, GFP_KERNEL } from "./errno.ts";
import { __kmalloc, type char_ptr, kasan_mempool_unpoison_object } from "./kmalloc.ts";
import { type kmem_cache, kmem_cache_alloc, kmem_cache_free } from "./kmem_cache.ts";
import { kfree } from "./slab.ts";
import { spin_lock_irqsave, spin_unlock_irqrestore, spinlock_t } from "./spinlock.ts";

/** The number of elements that a pool can keep. */
const MEMPOOL_MAX = 8;

export interface mempool_t extends
  Struct,
  Fields<{
    lock: spinlock_t;
    min_nr: number;
    curr_nr: number;
    elements: number;
    /** Where elements come from: a cache, or kmalloc() of this number of bytes. */
    cache: Ptr<kmem_cache>;
    size: number;
  }> {}
export const MEMPOOL_FIELDS = {
  lock: embed(spinlock_t),
  min_nr: int,
  curr_nr: int,
  elements: array(MEMPOOL_MAX),
  cache: ptr,
  size: int,
};
export const mempool_t = struct<mempool_t>("mempool_t", MEMPOOL_FIELDS);

function pool_alloc(pool: mempool_t): char_ptr | null {
  const cache = pool.cache;
  return cache === null ? __kmalloc(pool.size, GFP_KERNEL) : kmem_cache_alloc(cache, GFP_KERNEL);
}

function pool_free(element: char_ptr, pool: mempool_t): void {
  const cache = pool.cache;
  if (cache === null) kfree(element);
  else kmem_cache_free(cache, element);
}

/** add_element() Context: pool->lock. */
export const add_element = kernel("add_element", (pool: mempool_t, element: char_ptr): void => {
  BUG_ON(pool.min_nr !== 0 && pool.curr_nr >= pool.min_nr);
  slabPark(cellOf(element)); // kasan_mempool_poison_object()
  array_store(pool.$elements as Lvalue<unknown>, pool.curr_nr, element);
  pool.curr_nr++;
}, { inline: true });

/** remove_element() Context: pool->lock. */
function remove_element(pool: mempool_t): char_ptr {
  const n = pool.curr_nr - 1;
  pool.curr_nr = n;
  const element = array_load(pool.$elements as Lvalue<unknown>, n) as char_ptr;
  kasan_mempool_unpoison_object(element, pool.size);
  return element;
}

/** mempool_init_node(), for kmalloc() if there is no cache. Context: may sleep. */
export const mempool_init = kernel(
  "mempool_init",
  (pool: mempool_t, min_nr: number, size: number, cache: kmem_cache | null): number => {
    pool.min_nr = min_nr;
    pool.curr_nr = 0;
    pool.size = size;
    pool.cache = cache;
    while (pool.curr_nr < min_nr) {
      const element = pool_alloc(pool);
      if (element === null) {
        mempool_exit(pool);
        return -ENOMEM;
      }
      add_element(pool, element);
    }
    return 0;
  },
);

/** mempool_exit() Context: may sleep. */
export const mempool_exit = kernel("mempool_exit", (pool: mempool_t): void => {
  while (pool.curr_nr > 0) pool_free(remove_element(pool), pool);
});

/** mempool_alloc_preallocated(): an element of the pool, or NULL. Context: any. */
export const mempool_alloc_preallocated = kernel(
  "mempool_alloc_preallocated",
  (pool: mempool_t): char_ptr | null => {
    const flags = spin_lock_irqsave(pool.lock);
    const element = pool.curr_nr > 0 ? remove_element(pool) : null;
    spin_unlock_irqrestore(pool.lock, flags);
    return element;
  },
);

/** mempool_free(); NULL is allowed. Context: any. */
export const mempool_free = kernel(
  "mempool_free",
  (element: char_ptr | null, pool: mempool_t): void => {
    if (element === null) return;
    const flags = spin_lock_irqsave(pool.lock);
    const wanted = pool.curr_nr < pool.min_nr;
    if (wanted) add_element(pool, element);
    spin_unlock_irqrestore(pool.lock, flags);
    if (!wanted) pool_free(element, pool);
  },
);
