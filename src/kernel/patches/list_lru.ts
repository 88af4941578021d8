/**
 * Objects on lists of their cgroups — mm/list_lru.c as of v5.18 to v6.7, with what mm/memcontrol.c and the
 * allocator do for it. The lists of a cgroup are made when its first object is allocated (5abc1e37afa0), and
 * move to its parent when it goes offline.
 *
 * Whoever adds an object or takes it off looks the cgroup up with the lock of the node held. A cgroup that
 * goes offline takes that lock after its objcgs have moved to the parent, so it cannot be freed meanwhile.
 *
 * MODEL: the table of memcg_list_lru_alloc() is no memory of the model; its allocation can fail.
 *
 * @module
 */
import { READ_ONCE, WRITE_ONCE } from "../../machine/memory/access.ts";
import { kernel } from "../../machine/calls/registry.ts";
import { container_of } from "../../machine/memory/struct.ts";
import type { cgroup_subsys_state } from "../cgroup.ts";
import { ENOMEM, type gfp_t } from "../errno.ts";
import {
  list_add_tail,
  list_del_init,
  list_empty,
  type list_head,
  list_splice_init,
} from "../list.ts";
import {
  list_lru_from_memcg_idx,
  list_lru_init_memcg,
  type list_lru_memcg,
  type list_lru_one,
  list_lrus_mutex,
  lock_of,
  lru,
  lru_xa,
  memcg_init_list_lru_one,
  memcg_kmem_id,
  memcg_list_lru_allocated,
  nlru_of,
} from "../list_lru.ts";
import { css_next_descendant_pre } from "../memcontrol-iter.ts";
import { memcg_reparent_objcgs, obj_cgroup_memcg } from "../memcontrol-objcg.ts";
import { parent_mem_cgroup } from "../memcontrol.ts";
import { type kmem_object, mem_cgroup, root_mem_cgroup } from "../memcontrol-types.ts";
import { mutex_lock, mutex_unlock } from "../mutex.ts";
import { kfree_rcu, rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { kfree, kmalloc_may_fail } from "../slab.ts";
import {
  spin_lock,
  spin_lock_irq,
  spin_lock_irqsave,
  spin_unlock,
  spin_unlock_irq,
  spin_unlock_irqrestore,
} from "../spinlock.ts";
import { has } from "../version.ts";
import { NODES } from "../vmstat.ts";
import { xa_erase_irq, xas_load, xas_store } from "../xarray.ts";
import { around, detail } from "./patch.ts";
import "../memcontrol-css.ts";

/** mem_cgroup_from_slab_obj() — mm/memcontrol.c. Context: as for obj_cgroup_memcg(). */
export const mem_cgroup_from_slab_obj = kernel(
  "mem_cgroup_from_slab_obj",
  (p: kmem_object): mem_cgroup | null => p.objcg ? obj_cgroup_memcg(p.objcg!) : null,
);

/** page_to_nid(virt_to_page()) */
export function nid_of(p: kmem_object): number {
  return p.pgdat!.index;
}

/** list_lru_from_kmem(), until 0a97c01cd20b (v6.8). Context: the lock of the node. */
function list_lru_from_kmem(nid: number, p: kmem_object): list_lru_one {
  const l = nlru_of(nid).lru;
  const memcg = lru.memcg_aware ? mem_cgroup_from_slab_obj(p) : null;
  return memcg ? list_lru_from_memcg_idx(nid, memcg_kmem_id(memcg))! : l;
}

/** The body of list_lru_add(): whether the item was on no list. */
export function add_to(item: list_head, nid: number, find: () => list_lru_one): boolean {
  const nlru = nlru_of(nid);
  spin_lock(lock_of(nlru));
  const added = list_empty(item);
  if (added) {
    const l = find();
    list_add_tail(item, l.list);
    l.nr_items++;
    nlru.nr_items++;
  }
  spin_unlock(lock_of(nlru));
  return added;
}

/** The body of list_lru_del(): whether the item was on a list. */
export function del_from(item: list_head, nid: number, find: () => list_lru_one): boolean {
  const nlru = nlru_of(nid);
  spin_lock(lock_of(nlru));
  const removed = !list_empty(item);
  if (removed) {
    const l = find();
    list_del_init(item);
    l.nr_items--;
    nlru.nr_items--;
  }
  spin_unlock(lock_of(nlru));
  return removed;
}

/** Since 0a97c01cd20b (v6.8) the caller says which list. */
const ARITY = { arity: has("0a97c01cd20b") ? 3 : 1 };

/** list_lru_add() Context: task. */
export const list_lru_add = kernel("list_lru_add", (p: kmem_object): boolean => {
  const nid = nid_of(p);
  return add_to(p.lru, nid, () => list_lru_from_kmem(nid, p));
}, ARITY);

/** list_lru_del() Context: task. */
export const list_lru_del = kernel("list_lru_del", (p: kmem_object): boolean => {
  const nid = nid_of(p);
  return del_from(p.lru, nid, () => list_lru_from_kmem(nid, p));
}, ARITY);

/**
 * list_lru_walk_one(), to the end of the list: how many were taken off it. As with dentries that are in use,
 * dentry_lru_isolate() says LRU_REMOVED. Context: task; somebody keeps the memcg.
 */
export const list_lru_walk_one = kernel(
  "list_lru_walk_one",
  (nid: number, memcg: mem_cgroup): number => {
    const nlru = nlru_of(nid);
    let isolated = 0;
    spin_lock(lock_of(nlru));
    const l = list_lru_from_memcg_idx(nid, memcg_kmem_id(memcg)); // __list_lru_walk_one()
    if (l) {
      for (let item = l.list.next!; item !== l.list;) {
        const next = item.next!;
        list_del_init(item); // list_lru_isolate()
        l.nr_items--;
        isolated++;
        nlru.nr_items--;
        item = next;
      }
    }
    spin_unlock(lock_of(nlru));
    return isolated;
  },
);

/** memcg_reparent_list_lru_node() Context: list_lrus_mutex. */
const memcg_reparent_list_lru_node = kernel(
  "memcg_reparent_list_lru_node",
  (nid: number, src_idx: number, dst_memcg: mem_cgroup): void => {
    const nlru = nlru_of(nid);
    const dst_idx = dst_memcg.kmemcg_id;
    spin_lock_irq(lock_of(nlru));
    const src = list_lru_from_memcg_idx(nid, src_idx);
    if (src) {
      const dst = list_lru_from_memcg_idx(nid, dst_idx)!;
      list_splice_init(src.list, dst.list);
      if (src.nr_items) {
        dst.nr_items += src.nr_items;
        src.nr_items = 0;
      }
    }
    spin_unlock_irq(lock_of(nlru));
  },
);

/** memcg_reparent_list_lru(), and memcg_list_lru_free(), which it calls last. */
function memcg_reparent_list_lru(src_idx: number, dst_memcg: mem_cgroup): void {
  for (let nid = 0; nid < NODES; nid++) {
    memcg_reparent_list_lru_node(nid, src_idx, dst_memcg);
  }
  const mlru = xa_erase_irq(lru_xa, src_idx) as list_lru_memcg | null;
  if (mlru) kfree_rcu(mlru.rcu);
}

/** memcg_reparent_list_lrus() Context: cgroup_mutex. */
export const memcg_reparent_list_lrus = kernel(
  "memcg_reparent_list_lrus",
  (memcg: mem_cgroup, parent: mem_cgroup): void => {
    const src_idx = memcg.kmemcg_id;
    rcu_read_lock();
    let css: cgroup_subsys_state | null = null;
    while ((css = css_next_descendant_pre(css, memcg.css))) {
      WRITE_ONCE(container_of(css, mem_cgroup).$kmemcg_id, parent.kmemcg_id);
    }
    rcu_read_unlock();
    mutex_lock(list_lrus_mutex);
    memcg_reparent_list_lru(src_idx, parent);
    mutex_unlock(list_lrus_mutex);
  },
);

/** memcg_list_lru_alloc(): lists for a cgroup and its ancestors. Context: a reference to the cgroup. */
export const memcg_list_lru_alloc = kernel(
  "memcg_list_lru_alloc",
  (memcg: mem_cgroup, gfp: gfp_t): number => {
    if (!lru.memcg_aware || memcg_list_lru_allocated(memcg)) return 0;
    if (!kmalloc_may_fail(gfp)) return -ENOMEM;
    const table: { memcg: mem_cgroup; mlru: list_lru_memcg }[] = [];
    for (let m: mem_cgroup | null = memcg; m; m = parent_mem_cgroup(m)) {
      if (memcg_list_lru_allocated(m)) break;
      const mlru = memcg_init_list_lru_one(gfp);
      if (!mlru) {
        while (table.length > 0) kfree(table.pop()!.mlru);
        return -ENOMEM;
      }
      table.push({ memcg: m, mlru });
    }
    const flags = spin_lock_irqsave(lru_xa.xa_lock);
    while (table.length > 0) {
      const { memcg, mlru } = table.pop()!;
      const index = READ_ONCE(memcg.$kmemcg_id);
      if (index < 0 || xas_load(lru_xa, index)) kfree(mlru);
      else xas_store(lru_xa, index, mlru);
    }
    spin_unlock_irqrestore(lru_xa.xa_lock, flags);
    return 0;
  },
);

export default detail({
  name: "list_lru",
  subject: "objects on lists of their cgroups (v5.18 to v6.12)",
  commit: "5abc1e37afa0",
  version: "v5.18",
  until: "v6.12",
  needs: ["f9c69d6346bc"],
  adds: [
    "mem_cgroup_from_slab_obj",
    "list_lru_add",
    "list_lru_del",
    "list_lru_walk_one",
    "memcg_reparent_list_lru_node",
    "memcg_reparent_list_lrus",
    "memcg_list_lru_alloc",
  ],
}, {
  mem_cgroup_init: around((original) => (): void => {
    original();
    list_lru_init_memcg();
  }),

  memcg_offline_kmem(memcg: mem_cgroup): void {
    const parent = parent_mem_cgroup(memcg) ?? root_mem_cgroup();
    memcg_reparent_objcgs(memcg, parent);
    memcg_reparent_list_lrus(memcg, parent);
  },
});
