/**
 * Lists of objects of a memcg-aware cache, such as dentries, that a shrinker walks: for each node a list of
 * the root's objects and one for each cgroup that has any — include/linux/list_lru.h, mm/list_lru.c.
 *
 * The functions are in patches/list_lru.ts: few campaigns need them.
 *
 * MODEL: one list_lru, which is memcg-aware and registered at boot; functions do not take it as an argument.
 * Its shrinker has no bits to be set (shrinker_id is -1), and walks it when a program says so.
 *
 * @module
 */
import {
  embed,
  type Fields,
  int,
  type Ptr,
  ptr,
  type Struct,
} from "../machine/memory/struct_type.ts";
import { statics, struct } from "../machine/memory/struct.ts";
import type { gfp_t } from "./errno.ts";
import { INIT_LIST_HEAD, list_head } from "./list.ts";
import { MEM_CGROUP_ID_MAX } from "./memcontrol-id.ts";
import type { mem_cgroup } from "./memcontrol-types.ts";
import { DEFINE_MUTEX } from "./mutex.ts";
import { rcu_head } from "./rcu.ts";
import { kmalloc } from "./slab.ts";
import { DEFINE_SPINLOCKS, type spinlock_t } from "./spinlock.ts";
import { has } from "./version.ts";
import { NODES } from "./vmstat.ts";
import { DEFINE_XARRAY, xa_load, type xarray } from "./xarray.ts";

/** struct list_lru_one */
export interface list_lru_one extends
  Struct,
  Fields<{
    list: list_head;
    /** may become negative while a cgroup is reparented */
    nr_items: number;
  }> {}
const list_lru_one = struct<list_lru_one>("list_lru_one", {
  list: embed(list_head),
  nr_items: int,
});

/** More than a program can need; one for whoever only reads all kernels. */
const LISTS_MAX = has("list_lru") ? 96 : 1;

/** struct list_lru_memcg: the lists of a cgroup, one for each node. */
export interface list_lru_memcg
  extends Struct, Fields<{ rcu: rcu_head; node0: list_lru_one; node1: list_lru_one }> {}
export const list_lru_memcg = struct<list_lru_memcg>("list_lru_memcg", {
  rcu: embed(rcu_head),
  node0: embed(list_lru_one),
  node1: embed(list_lru_one),
}, LISTS_MAX);

/** struct list_lru_node; its lock lies elsewhere. */
export interface list_lru_node extends
  Struct,
  Fields<{
    /** of objects that belong to the root */
    lru: list_lru_one;
    /** on all lists of the node */
    nr_items: number;
  }> {}
const nodes = statics<list_lru_node>(
  "list_lru_node",
  { lru: embed(list_lru_one), nr_items: int },
  NODES,
);
/** list_lru_node.lock: protects all lists of a node, those of cgroups too. */
const locks = DEFINE_SPINLOCKS("list_lru_node.lock", NODES);

/** struct list_lru */
interface list_lru extends Struct, Fields<{ node: Ptr<list_lru_node>; memcg_aware: number }> {}
/** The only one. */
export const lru = statics<list_lru>("list_lru", { node: ptr, memcg_aware: int }, 1)[0];
/** lru->xa: by kmemcg_id, the lists of that cgroup (list_lru_memcg). */
export const lru_xa: xarray = DEFINE_XARRAY("list_lru_xa", MEM_CGROUP_ID_MAX);

/** list_lrus_mutex: protects memcg_list_lrus, the list of all list_lrus. */
export const list_lrus_mutex = DEFINE_MUTEX("list_lrus_mutex");

/** mlru->node[nid] */
function node_of(mlru: list_lru_memcg, nid: number): list_lru_one {
  return nid === 0 ? mlru.node0 : mlru.node1;
}

/** init_one_lru() */
function init_one_lru(l: list_lru_one): void {
  INIT_LIST_HEAD(l.list);
  l.nr_items = 0;
}

/** &lru->node[nid] */
export function nlru_of(nid: number): list_lru_node {
  return nodes[lru.node!.index + nid];
}

/** nlru->lock */
export function lock_of(nlru: list_lru_node): spinlock_t {
  return locks[nlru.index];
}

/** list_lru_init_memcg() Context: boot. */
export function list_lru_init_memcg(): void {
  lru.node = nodes[0];
  for (let nid = 0; nid < NODES; nid++) init_one_lru(nlru_of(nid).lru);
  lru.memcg_aware = 1;
}

/** memcg_init_list_lru_one() Context: may sleep if gfp says so. */
export function memcg_init_list_lru_one(gfp: gfp_t): list_lru_memcg | null {
  const mlru = kmalloc(list_lru_memcg, gfp);
  if (!mlru) return null;
  for (let nid = 0; nid < NODES; nid++) init_one_lru(node_of(mlru, nid));
  return mlru;
}

/** memcg_kmem_id() — include/linux/memcontrol.h. Context: somebody keeps the memcg. */
export function memcg_kmem_id(memcg: mem_cgroup | null): number {
  return memcg ? memcg.kmemcg_id : -1;
}

/**
 * list_lru_from_memcg_idx(): the list of an id on a node, or NULL if the cgroup has none. Context: the lock
 * of the node keeps it.
 */
export function list_lru_from_memcg_idx(nid: number, idx: number): list_lru_one | null {
  if (!lru.memcg_aware || idx < 0) return nlru_of(nid).lru;
  const mlru = xa_load(lru_xa, idx) as list_lru_memcg | null;
  return mlru ? node_of(mlru, nid) : null;
}

/** memcg_list_lru_allocated() */
export function memcg_list_lru_allocated(memcg: mem_cgroup): boolean {
  const idx = memcg.kmemcg_id;
  return idx < 0 || xa_load(lru_xa, idx) !== null;
}
