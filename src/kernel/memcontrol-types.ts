/**
 * The memory controller's structures — include/linux/memcontrol.h, mm/memcontrol.c.
 *
 * @module
 */
import { config } from "../machine/words/config.ts";
import {
  embed,
  type Fields,
  int,
  type Ptr,
  ptr,
  type Struct,
  watched,
} from "../machine/memory/struct_type.ts";
import { statics, struct } from "../machine/memory/struct.ts";
import { CPU, regs } from "../machine/layout/registers.ts";
import { cgroup_subsys_state } from "./cgroup.ts";
import { list_head } from "./list.ts";
import { page_counter } from "./page_counter.ts";
import { percpu_ref } from "./percpu-refcount.ts";
import { rcu_head } from "./rcu.ts";
import { DEFINE_LOCAL_IRQ_LOCK } from "./spinlock.ts";
import { refcount_t } from "./refcount.ts";
import { work_struct } from "./workqueue.ts";

export const PAGE_SIZE = config.pageSize;
export const PAGE_SHIFT = Math.log2(config.pageSize);
export const MEMCG_CHARGE_BATCH = config.chargeBatch;

/** enum memcg_kmem_state */
export const KMEM_NONE = 0;
export const KMEM_ALLOCATED = 1;
export const KMEM_ONLINE = 2;

/** struct obj_cgroup: a bucket for objects of any size, reparented in one piece. */
export interface obj_cgroup extends
  Struct,
  Fields<{
    refcnt: percpu_ref;
    /** RCU or css_set_lock for reading; css_set_lock for writing */
    memcg: Ptr<mem_cgroup>;
    nr_charged_bytes: number;
    /** protected by css_set_lock; over `rcu` in a union */
    list: list_head;
    rcu: rcu_head;
  }> {}
export const obj_cgroup = struct<obj_cgroup>("obj_cgroup", {
  refcnt: embed(percpu_ref),
  memcg: ptr,
  nr_charged_bytes: int,
  list: embed(list_head),
  rcu: embed(rcu_head, "list"),
}, 40);

/** struct mem_cgroup_id: the id holds a css reference as long as it is in use. */
export interface mem_cgroup_id extends Struct, Fields<{ id: number; ref: refcount_t }> {}
const mem_cgroup_id = struct<mem_cgroup_id>("mem_cgroup_id", {
  id: int,
  ref: embed(refcount_t),
});

/** struct mem_cgroup */
export interface mem_cgroup extends
  Struct,
  Fields<{
    css: cgroup_subsys_state;
    /** charged pages; the counters' parents are the hierarchy */
    memory: page_counter;
    id: mem_cgroup_id;
    kmemcg_id: number;
    kmem_state: number;
    /** RCU for reading */
    objcg: Ptr<obj_cgroup>;
    /** protected by css_set_lock */
    objcg_list: list_head;
  }> {}
export const mem_cgroup = struct<mem_cgroup>("mem_cgroup", {
  css: embed(cgroup_subsys_state),
  memory: embed(page_counter),
  id: embed(mem_cgroup_id),
  kmemcg_id: int,
  kmem_state: int,
  objcg: ptr,
  objcg_list: embed(list_head),
}, 32);

/** struct memcg_stock_pcp: pages and bytes that are charged in advance, per CPU. */
export interface memcg_stock_pcp extends
  Struct,
  Fields<{
    /** never the root cgroup */
    cached: Ptr<mem_cgroup>;
    nr_pages: number;
    cached_objcg: Ptr<obj_cgroup>;
    nr_bytes: number;
    work: work_struct;
    flags: number;
  }> {}
export const FLUSHING_CACHED_CHARGE = 0;
/** DEFINE_PER_CPU(struct memcg_stock_pcp, memcg_stock) */
export const memcg_stock = statics<memcg_stock_pcp>("memcg_stock_pcp", {
  cached: ptr,
  nr_pages: int,
  cached_objcg: ptr,
  nr_bytes: int,
  work: embed(work_struct),
  flags: watched("stock_flags"),
}, config.cpus);

/** The stock's local_lock in the PREEMPT_RT trees; without PREEMPT_RT, interrupts off. */
export const memcg_stock_lock = DEFINE_LOCAL_IRQ_LOCK("memcg_stock.lock", config.cpus);

/** this_cpu_ptr() */
export function this_cpu_ptr<T>(percpu: readonly T[]): T {
  return percpu[regs[CPU]];
}

/** A slab object with its objcg: MODEL of page->obj_cgroups[] and the object's bytes. */
export interface kmem_object extends
  Struct,
  Fields<{
    objcg: Ptr<obj_cgroup>;
    size: number;
    rcu: rcu_head;
  }> {}
export const kmem_object = struct<kmem_object>("kmem_object", {
  objcg: ptr,
  size: int,
  rcu: embed(rcu_head),
}, 160);

/** A kernel page (compound, 1 << order). */
export interface page extends Struct, Fields<{ mem_cgroup: Ptr<mem_cgroup>; order: number }> {}
export const page = struct<page>("page", { mem_cgroup: ptr, order: int }, 64);

/** The root of the hierarchy, and the ids. The root is set at boot. */
interface memcg_globals extends Struct, Fields<{ root: Ptr<mem_cgroup>; cache_ids: number }> {}
const globals = statics<memcg_globals>("memcg_globals", { root: ptr, cache_ids: int }, 1)[0];

let root: mem_cgroup | null = null;

/** root_mem_cgroup: __ro_after_init, so reading it is no access to shared memory. */
export function root_mem_cgroup(): mem_cgroup {
  return root!;
}

/** Called at boot only. */
export function set_root_mem_cgroup(memcg: mem_cgroup): void {
  root = memcg;
  globals.root = memcg;
}

/**
 * Finds the root on every CPU. The root is the first object of the slab, because it is made first.
 */
export function find_root_mem_cgroup(): void {
  root = mem_cgroup.objects[0];
}

/** memcg_cache_ida: a bit for each id in use. */
export function cache_ids(): memcg_globals {
  return globals;
}
