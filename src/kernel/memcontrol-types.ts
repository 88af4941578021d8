/**
 * The memory controller's structures — include/linux/memcontrol.h, mm/memcontrol.c.
 *
 * @module
 */
import { config } from "../machine/words/config.ts";
import {
  array,
  embed,
  type Fields,
  type FieldSpec,
  int,
  pointers,
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
import { has } from "./version.ts";
import { NODE_STATS, NODES, type pglist_data } from "./vmstat.ts";
import { work_struct } from "./workqueue.ts";

export const PAGE_SIZE = config.pageSize;
export const PAGE_SHIFT = Math.log2(config.pageSize);
/** Twice as many since 1813e51eece0 (v6.1). */
export const MEMCG_CHARGE_BATCH = config.chargeBatch * (has("1813e51eece0") ? 2 : 1);

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
    /** since 01b9da291c49 (v7.1); one pointer, root_obj_cgroup, before */
    is_root: number;
  }> {}
export const obj_cgroup = struct<obj_cgroup>("obj_cgroup", {
  refcnt: embed(percpu_ref),
  memcg: ptr,
  nr_charged_bytes: int,
  list: embed(list_head),
  rcu: embed(rcu_head, "list"),
  ...(has("aa01ec1325e2") ? { is_root: int } : {}),
}, has("01b9da291c49") ? 64 : 40);

/** struct mem_cgroup_id: the id holds a css reference as long as it is in use. */
export interface mem_cgroup_id extends Struct, Fields<{ id: number; ref: refcount_t }> {}
const mem_cgroup_id = struct<mem_cgroup_id>("mem_cgroup_id", {
  id: int,
  ref: embed(refcount_t),
});

/** Each node has an objcg: since 01b9da291c49 (v7.1). */
const per_node = has("01b9da291c49");

/** struct mem_cgroup_per_node: since 01b9da291c49 (v7.1) it has the objcgs of its node. */
export interface mem_cgroup_per_node extends
  Struct,
  Fields<{
    /** RCU for reading */
    objcg: Ptr<obj_cgroup>;
    /** the first objcg, with a reference until the memory is freed */
    orig_objcg: Ptr<obj_cgroup>;
    /** protected by objcg_lock */
    objcg_list: list_head;
  }> {}

/** MODEL: the nodes of a cgroup are in it, not allocated one by one. */
function nodes(): Record<string, FieldSpec> {
  const pn = struct<mem_cgroup_per_node>("mem_cgroup_per_node", {
    objcg: ptr,
    orig_objcg: ptr,
    objcg_list: embed(list_head),
  });
  return { node0: embed(pn), node1: embed(pn) };
}

/** The statistics of a cgroup as a whole, if the kernel has them. */
function vmstats(): Record<string, FieldSpec> {
  if (has("memcg_vmstats")) {
    return {
      vmstats: int,
      vmstats_percpu: array(config.cpus),
      vmstats_local: array(config.cpus),
      lruvec_stat: array(NODES),
      lruvec_stat_cpu: array(NODES * config.cpus),
      lruvec_stat_local: array(NODES * config.cpus),
    };
  }
  if (!has("memcg_state_local")) return {};
  return {
    vmstats_percpu: array(config.cpus * NODE_STATS),
    lruvec_stats_percpu: array(config.cpus * NODES * NODE_STATS),
  };
}

/** struct mem_cgroup */
export interface mem_cgroup extends
  Struct,
  Fields<{
    css: cgroup_subsys_state;
    /** charged pages; the counters' parents are the hierarchy */
    memory: page_counter;
    /** with memsw: pages in memory and in swap together, on a cgroup1 hierarchy */
    memsw: page_counter;
    id: mem_cgroup_id;
    kmemcg_id: number;
    kmem_state: number;
    /** RCU for reading */
    objcg: Ptr<obj_cgroup>;
    /** protected by css_set_lock, since 0764db9b49c9 (v5.17) by objcg_lock */
    objcg_list: list_head;
    /** nodeinfo[]->lruvec_stats, since fdbcb2a6d677 (v5.14): of each node the items in turn */
    lruvec_stats: number;
    /** with memcg_vmstats: bytes of slab objects (NR_SLAB_UNRECLAIMABLE_B), and what CPUs keep of them */
    vmstats: number;
    vmstats_percpu: number;
    vmstats_local: number;
    /** nodeinfo[]->lruvec_stat and so on: of each node, and of each node the CPUs in turn */
    lruvec_stat: number;
    lruvec_stat_cpu: number;
    lruvec_stat_local: number;
    /** with memcg_state_local: nodeinfo[]->lruvec_stats_percpu, of each CPU the nodes, and their items */
    lruvec_stats_percpu: number;
    /** since 675d6c9b59e3 (v6.7): the first objcg, with a reference until the memory is freed */
    orig_objcg: Ptr<obj_cgroup>;
    /** nodeinfo[], since 01b9da291c49 (v7.1) */
    node0: mem_cgroup_per_node;
    node1: mem_cgroup_per_node;
    /** until bef8620cd8e0 (v5.11) */
    use_hierarchy: number;
  }> {}
export const mem_cgroup = struct<mem_cgroup>("mem_cgroup", {
  css: embed(cgroup_subsys_state),
  memory: embed(page_counter),
  ...(has("memsw") ? { memsw: embed(page_counter) } : {}),
  id: embed(mem_cgroup_id),
  kmemcg_id: int,
  kmem_state: int,
  ...(per_node ? {} : { objcg: ptr, objcg_list: embed(list_head) }),
  ...(has("fdbcb2a6d677") ? { lruvec_stats: array(NODES * NODE_STATS) } : {}),
  ...vmstats(),
  ...(has("675d6c9b59e3") && !per_node ? { orig_objcg: ptr } : {}),
  ...(per_node ? nodes() : {}),
  ...(has("bef8620cd8e0") ? {} : { use_hierarchy: int }),
}, 32);

/** memcg->nodeinfo[nid] */
export function nodeinfo(memcg: mem_cgroup, nid: number): mem_cgroup_per_node {
  return nid === 0 ? memcg.node0 : memcg.node1;
}

/** Bytes charged ahead to one objcg, and since 68ac5b3c8db2 (v5.14) its statistics of one node. */
export interface obj_stock extends
  Struct,
  Fields<{
    cached_objcg: Ptr<obj_cgroup>;
    cached_pgdat: Ptr<pglist_data>;
    nr_bytes: number;
    nr_slab_reclaimable_b: number;
    nr_slab_unreclaimable_b: number;
  }> {}
const obj_stock_fields: Record<string, FieldSpec> = has("68ac5b3c8db2")
  ? {
    cached_objcg: ptr,
    cached_pgdat: ptr,
    nr_bytes: int,
    nr_slab_reclaimable_b: int,
    nr_slab_unreclaimable_b: int,
  }
  : { cached_objcg: ptr, nr_bytes: int };
/** Two of them, for tasks and for interrupts: from 559271146efc (v5.14) to fead2b869764 (v5.18). */
const split = has("559271146efc") && !has("fead2b869764");

/** Pages and objects in two stocks: since c80509ef65e4 (v6.16). */
const decoupled = has("c80509ef65e4");

function obj_stocks(): Record<string, FieldSpec> {
  if (decoupled) return {};
  if (!split) return obj_stock_fields;
  const obj_stock = struct<obj_stock>("obj_stock", obj_stock_fields);
  return { task_obj: embed(obj_stock), irq_obj: embed(obj_stock) };
}

/** Cgroups that a CPU's stock has pages of: several since f735eebe55f8 (v6.16). */
export const NR_MEMCG_STOCK = has("f735eebe55f8") ? 7 : 1;

/**
 * struct memcg_stock_pcp: pages that are charged in advance, per CPU; until c80509ef65e4 (v6.16) bytes,
 * too.
 */
export interface memcg_stock_pcp extends
  obj_stock,
  Fields<{
    /** never the root cgroup, until c5c8b16b596e (v5.14); an array since f735eebe55f8 (v6.16) */
    cached: Ptr<mem_cgroup>;
    /** an array with `cached`; of 8 bits each, which is enough for two batches */
    nr_pages: number;
    task_obj: obj_stock;
    irq_obj: obj_stock;
    work: work_struct;
    flags: number;
    /** the slot that is drained next if there is no room; since c0cafe24d3f6 (v7.1) */
    drain_idx: number;
  }> {}
export const FLUSHING_CACHED_CHARGE = 0;
/** DEFINE_PER_CPU(struct memcg_stock_pcp, memcg_stock) */
export const memcg_stock = statics<memcg_stock_pcp>("memcg_stock_pcp", {
  cached: NR_MEMCG_STOCK > 1 ? pointers(NR_MEMCG_STOCK) : ptr,
  nr_pages: NR_MEMCG_STOCK > 1 ? array(NR_MEMCG_STOCK) : int,
  ...obj_stocks(),
  work: embed(work_struct),
  flags: watched("stock_flags"),
  ...(has("c0cafe24d3f6") ? { drain_idx: int } : {}),
}, config.cpus);

/** Objcgs that a CPU's object stock has bytes of: several since objcg_slots (about v7.2). */
export const NR_OBJ_STOCK = has("objcg_slots") ? 5 : 1;

/** struct obj_stock_pcp: bytes that are charged in advance, per CPU, since c80509ef65e4 (v6.16). */
export interface obj_stock_pcp extends obj_stock, Fields<{ work: work_struct; flags: number }> {}
/** The same since objcg_slots. */
export interface obj_slots_pcp extends
  obj_stock_pcp,
  Fields<{
    /** the slot whose statistics are kept, or -1 (in C: index), and their node */
    stats_index: number;
    node_id: number;
    /** in place of cached_objcg; nr_bytes is an array with it, of 16 bits each */
    cached: Ptr<obj_cgroup>;
    /** the slot that is drained next if there is no room */
    drain_idx: number;
  }> {}
const slots: Record<string, FieldSpec> = {
  stats_index: int,
  node_id: int,
  nr_slab_reclaimable_b: int,
  nr_slab_unreclaimable_b: int,
  nr_bytes: array(NR_OBJ_STOCK),
  cached: pointers(NR_OBJ_STOCK),
};
/** DEFINE_PER_CPU(struct obj_stock_pcp, obj_stock) */
export const obj_stock: readonly obj_stock_pcp[] = decoupled
  ? statics<obj_stock_pcp>("obj_stock_pcp", {
    ...(NR_OBJ_STOCK > 1 ? slots : obj_stock_fields),
    work: embed(work_struct),
    flags: watched("obj_stock_flags"),
    ...(NR_OBJ_STOCK > 1 ? { drain_idx: int } : {}),
  }, config.cpus)
  : [];

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
    /** since fdbcb2a6d677 (v5.14): where its page is, and whether its cache counts as reclaimable */
    pgdat: Ptr<pglist_data>;
    reclaimable: number;
    /** with memcg_vmstats: page_to_nid() of its page */
    nid: number;
    /** with list_lru: the object on a list, as dentry->d_lru */
    lru: list_head;
    rcu: rcu_head;
  }> {}
export const kmem_object = struct<kmem_object>("kmem_object", {
  objcg: ptr,
  size: int,
  ...(has("fdbcb2a6d677") ? { pgdat: ptr, reclaimable: int } : {}),
  ...(has("memcg_vmstats") ? { nid: int } : {}),
  ...(has("list_lru") ? { lru: embed(list_head) } : {}),
  rcu: embed(rcu_head),
}, 160);

/** A kernel page (compound, 1 << order): whom it is charged to, since b4e0b68fbd9d (v5.13) an objcg. */
export interface page extends
  Struct,
  Fields<{
    mem_cgroup: Ptr<mem_cgroup>;
    objcg: Ptr<obj_cgroup>;
    order: number;
  }> {}
export const page = struct<page>(
  "page",
  has("b4e0b68fbd9d") ? { objcg: ptr, order: int } : { mem_cgroup: ptr, order: int },
  64,
);

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
