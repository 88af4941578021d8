/**
 * The cases of mm/kasan/kasan_test_c.c about slab objects and variables. Each is written anew from
 * what the original does. FAILS() is KUNIT_EXPECT_KASAN_FAIL().
 */
import {
  array_load,
  array_store,
  atomic_add,
  atomic_add_unless,
  atomic_dec_and_test,
  atomic_inc,
  atomic_inc_not_zero,
  atomic_read,
  atomic_set,
  atomic_sub,
  atomic_sub_and_test,
  clear_bit,
  cmpxchg,
  READ_ONCE,
  set_bit,
  smp_load_acquire,
  smp_store_release,
  test_and_set_bit,
  test_bit,
  WRITE_ONCE,
  xchg,
} from "../../src/machine/memory/access.ts";
import { kernel } from "../../src/machine/calls/registry.ts";
import { BUG_ON } from "../../src/machine/findings/warn.ts";
import {
  chars,
  embed,
  type Fields,
  int,
  type Struct,
} from "../../src/machine/memory/struct_type.ts";
import { container_of, statics, struct } from "../../src/machine/memory/struct.ts";
import { GFP_KERNEL } from "../../src/kernel/errno.ts";
import {
  __kmalloc as kmalloc,
  byte,
  type char_ptr,
  kfree_sensitive,
  KMALLOC_MAX_CACHE_SIZE,
  krealloc,
  ksize,
} from "../../src/kernel/kmalloc.ts";
import {
  type kmem_cache,
  kmem_cache_alloc,
  kmem_cache_alloc_bulk,
  kmem_cache_create,
  kmem_cache_destroy,
  kmem_cache_free,
  kmem_cache_free_bulk,
  SLAB_TYPESAFE_BY_RCU,
} from "../../src/kernel/kmem_cache.ts";
import {
  mempool_alloc_preallocated,
  mempool_exit,
  MEMPOOL_FIELDS,
  mempool_free,
  mempool_init,
  type mempool_t,
} from "../../src/kernel/mempool.ts";
import { call_rcu, rcu_head, rcu_read_lock, rcu_read_unlock } from "../../src/kernel/rcu.ts";
import { kfree, kmalloc as kmalloc_type } from "../../src/kernel/slab.ts";
import * as string from "../../src/kernel/string.ts";
import { INIT_WORK, queue_work, system_wq, work_struct } from "../../src/kernel/workqueue.ts";
import { type Cases, FAILS } from "./expectations.ts";

const GRANULE = 8; // KASAN_GRANULE_SIZE
const round_up = (n: number, to: number) => Math.ceil(n / to) * to;
const round_down = (n: number, to: number) => Math.floor(n / to) * to;
const X = 0x78;

const must = <T>(p: T | null): T => {
  BUG_ON(p === null);
  return p!;
};
const alloc = (size: number) => must(kmalloc(size, GFP_KERNEL));
const get = array_load;
const set = array_store;

function krealloc_more_oob_helper(size1: number, size2: number): void {
  const middle = size1 + Math.floor((size2 - size1) / 2);
  const p = must(krealloc(alloc(size1), size2, GFP_KERNEL));
  for (const i of [size1 - 1, size1, middle, size2 - 1]) set(p, i, X);
  FAILS(() => set(p, size2, X));
  FAILS(() => set(p, round_up(size2, GRANULE), X));
  kfree(p);
}

function krealloc_less_oob_helper(size1: number, size2: number): void {
  const middle = size2 + Math.floor((size1 - size2) / 2);
  const p = must(krealloc(alloc(size1), size2, GFP_KERNEL));
  set(p, size2 - 1, X);
  FAILS(() => set(p, size2, X));
  FAILS(() => set(p, round_up(size2, GRANULE), X));
  BUG_ON(round_up(size2, GRANULE) > round_down(middle, GRANULE));
  BUG_ON(round_up(middle, GRANULE) > round_down(size1, GRANULE));
  FAILS(() => set(p, middle, X));
  FAILS(() => set(p, size1 - 1, X));
  FAILS(() => set(p, size1, X));
  kfree(p);
}

/** memset() of `n` characters, the last of which is behind the object. */
function oob_memset(n: number): void {
  const size = 128 - GRANULE;
  const p = alloc(size);
  FAILS(() => string.memset(byte(p, size - n + 1), 0, n));
  kfree(p);
}

function memmove_of(count: number): void {
  const p = alloc(64);
  string.memset(p, 0, 64);
  FAILS(() => string.memmove(p, byte(p, 4), count));
  kfree(p);
}

interface kasan_rcu_info extends Struct, Fields<{ i: number; rcu: rcu_head }> {}
const kasan_rcu_info = struct<kasan_rcu_info>(
  "kasan_rcu_info",
  { i: int, rcu: embed(rcu_head) },
  2,
);
const rcu_uaf_reclaim = kernel("rcu_uaf_reclaim", (rp: rcu_head): void => {
  const fp = container_of(rp, kasan_rcu_info);
  kfree(fp);
  fp.i;
});

interface test_work extends Struct, Fields<{ work: work_struct }> {}
const test_work = struct<test_work>("test_work", { work: embed(work_struct) }, 2);
const workqueue_uaf_work = kernel("workqueue_uaf_work", (work: work_struct): void => {
  kfree(container_of(work, test_work));
});
let queued: test_work;

const empty_cache_ctor = kernel("empty_cache_ctor", (_object: Struct): void => {});
const create = (size: number, flags = 0) => must(kmem_cache_create(size, flags, null));
let cache: kmem_cache;
let object: char_ptr;

interface pools extends Struct, Fields<{ pool: mempool_t }> {}
const pool = statics<mempool_t>("pool", MEMPOOL_FIELDS, 1)[0] as pools["pool"];

function mempool_prepare_kmalloc(size: number): char_ptr {
  BUG_ON(mempool_init(pool, 4, size, null));
  return must(mempool_alloc_preallocated(pool));
}

function mempool_prepare_slab(size: number): kmem_cache {
  const c = create(size);
  BUG_ON(mempool_init(pool, 4, size, c));
  return c;
}

function mempool_oob_right_helper(size: number): void {
  const elem = must(mempool_alloc_preallocated(pool));
  FAILS(() => get(elem, size));
  mempool_free(elem, pool);
}

function mempool_uaf_helper(): void {
  const elem = must(mempool_alloc_preallocated(pool));
  mempool_free(elem, pool);
  FAILS(() => get(elem, 0));
}

interface global_array extends Struct, Fields<{ array: number }> {}
const globals = statics<global_array>("global_array", { array: chars(10) }, 1)[0];

/** Access a long behind an object with every bit operation of the model. */
function kasan_bitops(word: char_ptr): void {
  FAILS(() => set_bit(0, word));
  FAILS(() => clear_bit(0, word));
  FAILS(() => test_and_set_bit(8, word));
  FAILS(() => test_bit(8, word));
}

function kasan_atomics_helper(unsafe: char_ptr): void {
  FAILS(() => READ_ONCE(unsafe));
  FAILS(() => WRITE_ONCE(unsafe, 42));
  FAILS(() => smp_load_acquire(unsafe));
  FAILS(() => smp_store_release(unsafe, 42));
  FAILS(() => atomic_read(unsafe));
  FAILS(() => atomic_set(unsafe, 42));
  FAILS(() => atomic_add(42, unsafe));
  FAILS(() => atomic_sub(42, unsafe));
  FAILS(() => atomic_inc(unsafe));
  FAILS(() => xchg(unsafe, 42));
  FAILS(() => cmpxchg(unsafe, 21, 42));
  FAILS(() => atomic_sub_and_test(42, unsafe));
  FAILS(() => atomic_dec_and_test(unsafe));
  FAILS(() => atomic_add_unless(unsafe, 21, 42));
  FAILS(() => atomic_inc_not_zero(unsafe));
}

/**
 * The cases, in the order of the suite. A case that waits for RCU or for a workqueue has two parts,
 * because a CPU runs callbacks and work between two operations.
 */
export const CASES: Cases = {
  kmalloc_oob_right: [() => {
    const size = 128 - GRANULE - 5;
    const p = alloc(size);
    FAILS(() => set(p, size, X));
    FAILS(() => set(p, size + 5, X));
    FAILS(() => set(p, 0, get(p, size + GRANULE + 5)));
    kfree(p);
  }],
  kmalloc_oob_left: [() => {
    const p = alloc(15);
    FAILS(() => set(p, 0, get(p, -1)));
    kfree(p);
  }],
  kmalloc_node_oob_right: [() => {
    const p = alloc(KMALLOC_MAX_CACHE_SIZE); // a size that fills its slot, on the only node
    FAILS(() => set(p, 0, get(p, KMALLOC_MAX_CACHE_SIZE)));
    kfree(p);
  }],
  kmalloc_big_oob_right: [() => {
    const size = KMALLOC_MAX_CACHE_SIZE - 256;
    const p = alloc(size);
    FAILS(() => set(p, size, 0));
    kfree(p);
  }],
  krealloc_more_oob: [() => krealloc_more_oob_helper(201, 235)],
  krealloc_less_oob: [() => krealloc_less_oob_helper(235, 201)],
  krealloc_uaf: [() => {
    const p = alloc(201);
    kfree(p);
    FAILS(() => krealloc(p, 235, GFP_KERNEL));
    FAILS(() => get(p, 0));
  }],
  kmalloc_oob_16: [() => {
    const p1 = alloc(16 - 3);
    const p2 = alloc(16);
    string.memset(p2, 0, 16);
    FAILS(() => string.memcpy(p1, p2, 16)); // *ptr1 = *ptr2
    kfree(p1);
    kfree(p2);
  }],
  kmalloc_uaf_16: [() => {
    const p1 = alloc(16);
    const p2 = alloc(16);
    kfree(p2);
    FAILS(() => string.memcpy(p1, p2, 16)); // *ptr1 = *ptr2
    kfree(p1);
  }],
  kmalloc_oob_in_memset: [() => {
    const size = 128 - GRANULE;
    const p = alloc(size);
    FAILS(() => string.memset(p, 0, size + GRANULE));
    kfree(p);
  }],
  kmalloc_oob_memset_2: [() => oob_memset(2)],
  kmalloc_oob_memset_4: [() => oob_memset(4)],
  kmalloc_oob_memset_8: [() => oob_memset(8)],
  kmalloc_oob_memset_16: [() => oob_memset(16)],
  kmalloc_memmove_negative_size: [() => memmove_of(-2)],
  kmalloc_memmove_invalid_size: [() => memmove_of(64)],
  kmalloc_uaf: [() => {
    const p = alloc(10);
    kfree(p);
    FAILS(() => get(p, 8));
  }],
  kmalloc_uaf_memset: [() => {
    const p = alloc(33);
    kfree(p);
    FAILS(() => string.memset(p, 0, 33));
  }],
  kmalloc_uaf2: [() => {
    const p1 = alloc(43);
    kfree(p1);
    const p2 = alloc(43);
    FAILS(() => get(p1, 40));
    BUG_ON(p1 === p2);
    kfree(p2);
  }],
  kmalloc_double_kzfree: [() => {
    const p = alloc(16);
    kfree_sensitive(p);
    FAILS(() => kfree_sensitive(p));
  }],
  ksize_unpoisons_memory: [() => {
    const size = 128 - GRANULE - 5;
    const p = alloc(size);
    const real_size = ksize(p);
    BUG_ON(real_size <= size);
    set(p, 0, X);
    set(p, size - 1, X);
    FAILS(() => get(p, size));
    FAILS(() => get(p, size + 5));
    FAILS(() => get(p, real_size - 1));
    kfree(p);
  }],
  ksize_uaf: [() => {
    const size = 128 - GRANULE;
    const p = alloc(size);
    kfree(p);
    FAILS(() => ksize(p));
    FAILS(() => get(p, 0));
    FAILS(() => get(p, size));
  }],
  rcu_uaf: [() => {
    const p = must(kmalloc_type(kasan_rcu_info, GFP_KERNEL));
    FAILS(() => call_rcu(p.rcu, rcu_uaf_reclaim));
  }],
  workqueue_uaf: [() => {
    queued = must(kmalloc_type(test_work, GFP_KERNEL));
    INIT_WORK(queued.work, workqueue_uaf_work);
    queue_work(system_wq, queued.work);
  }, () => FAILS(() => READ_ONCE(queued.work.$data))],
  kmem_cache_oob: [() => {
    const c = create(200);
    const p = must(kmem_cache_alloc(c, GFP_KERNEL));
    FAILS(() => set(p, 0, get(p, 200)));
    kmem_cache_free(c, p);
    kmem_cache_destroy(c);
  }],
  kmem_cache_double_free: [() => {
    const c = create(200);
    const p = must(kmem_cache_alloc(c, GFP_KERNEL));
    kmem_cache_free(c, p);
    FAILS(() => kmem_cache_free(c, p));
    kmem_cache_destroy(c);
  }],
  kmem_cache_invalid_free: [() => {
    const c = create(200, SLAB_TYPESAFE_BY_RCU);
    const p = must(kmem_cache_alloc(c, GFP_KERNEL));
    FAILS(() => kmem_cache_free(c, byte(p, 1)));
    kmem_cache_free(c, p);
    kmem_cache_destroy(c);
  }],
  kmem_cache_rcu_uaf: [() => {
    cache = create(200, SLAB_TYPESAFE_BY_RCU);
    object = must(kmem_cache_alloc(cache, GFP_KERNEL));
    set(object, 0, 1);
    rcu_read_lock();
    kmem_cache_free(cache, object);
    READ_ONCE(object); // the section began before the free
    rcu_read_unlock();
  }, () => {
    FAILS(() => READ_ONCE(object));
    kmem_cache_destroy(cache);
  }],
  kmem_cache_double_destroy: [() => {
    const c = must(kmem_cache_create(200, 0, empty_cache_ctor));
    kmem_cache_destroy(c);
    FAILS(() => kmem_cache_destroy(c));
  }],
  kmem_cache_bulk: [() => {
    const c = create(200);
    const p: char_ptr[] = [];
    BUG_ON(kmem_cache_alloc_bulk(c, GFP_KERNEL, 10, p) === 0);
    for (const o of p) {
      set(o, 199, 42);
      set(o, 0, 42);
    }
    kmem_cache_free_bulk(c, 10, p);
    kmem_cache_destroy(c);
  }],
  mempool_kmalloc_oob_right: [() => {
    const size = 128 - GRANULE - 5;
    const extra = mempool_prepare_kmalloc(size);
    mempool_oob_right_helper(size);
    mempool_free(extra, pool);
    mempool_exit(pool);
  }],
  mempool_slab_oob_right: [() => {
    const c = mempool_prepare_slab(123);
    mempool_oob_right_helper(123);
    mempool_exit(pool);
    kmem_cache_destroy(c);
  }],
  mempool_kmalloc_uaf: [() => {
    const extra = mempool_prepare_kmalloc(128);
    mempool_uaf_helper();
    mempool_free(extra, pool);
    mempool_exit(pool);
  }],
  mempool_slab_uaf: [() => {
    const c = mempool_prepare_slab(123);
    mempool_uaf_helper();
    mempool_exit(pool);
    kmem_cache_destroy(c);
  }],
  mempool_kmalloc_double_free: [() => {
    const extra = mempool_prepare_kmalloc(128);
    const elem = must(mempool_alloc_preallocated(pool));
    mempool_free(elem, pool);
    FAILS(() => mempool_free(elem, pool));
    mempool_free(extra, pool);
    mempool_exit(pool);
  }],
  mempool_kmalloc_invalid_free: [() => {
    const extra = mempool_prepare_kmalloc(128);
    const elem = must(mempool_alloc_preallocated(pool));
    FAILS(() => mempool_free(byte(elem, 1), pool));
    mempool_free(elem, pool);
    mempool_free(extra, pool);
    mempool_exit(pool);
  }],
  kasan_global_oob_right: [() => FAILS(() => get(globals.$array, 10 + 3))],
  kasan_global_oob_left: [() => FAILS(() => get(globals.$array, -3))],
  kasan_memchr: [() => {
    const p = must(kmalloc(24, GFP_KERNEL, true));
    FAILS(() => string.memchr(p, 0x31, 25));
    kfree(p);
  }],
  kasan_memcmp: [() => {
    const p = must(kmalloc(24, GFP_KERNEL, true));
    const arr = must(kmalloc(36, GFP_KERNEL, true)); // int arr[9]
    FAILS(() => string.memcmp(p, arr, 25));
    kfree(p);
    kfree(arr);
  }],
  kasan_strings: [() => {
    const p = must(kmalloc(24, GFP_KERNEL, true));
    const two = must(kmalloc(2, GFP_KERNEL, true));
    set(two, 0, 0x32);
    kfree(p);
    const late = byte(p, 16);
    FAILS(() => string.strchr(late, 0x31));
    FAILS(() => string.strrchr(late, 0x31));
    FAILS(() => string.strcmp(late, two));
    FAILS(() => string.strncmp(late, two, 1));
    FAILS(() => string.strlen(late));
    FAILS(() => string.strnlen(late, 1));
    kfree(two);
  }],
  kasan_bitops_generic: [() => {
    const p = must(kmalloc(1, GFP_KERNEL, true)); // one long; the slot has room for more
    kasan_bitops(byte(p, 1));
    kfree(p);
  }],
  kasan_atomics: [() => {
    const p = must(kmalloc(48, GFP_KERNEL, true)); // the slot has 64
    kasan_atomics_helper(byte(p, 48));
    kfree(p);
  }],
};
