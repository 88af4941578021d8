/**
 * fdbcb2a6d677 ("mm/memcg: move mod_objcg_state() to memcontrol.c"), v5.14.
 *
 * No behaviour changes. In the model the statistics of slab objects begin here: they are kept since
 * v5.9, but nothing can go wrong with them before a CPU caches them.
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { atomic_add, element } from "../../machine/memory/access.ts";
import type { gfp_t } from "../errno.ts";
import {
  get_obj_cgroup_from_current,
  obj_cgroup_charge,
  obj_cgroup_get,
  obj_cgroup_memcg,
  obj_cgroup_put,
  obj_cgroup_uncharge,
} from "../memcontrol-objcg.ts";
import { parent_mem_cgroup } from "../memcontrol.ts";
import { kmem_object, type mem_cgroup, type obj_cgroup } from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { memcg_slab_post_alloc_hook, obj_full_size } from "../slab-hooks.ts";
import { kmalloc_may_fail, kzalloc } from "../slab.ts";
import {
  NODE_DATA,
  NODE_STATS,
  NR_SLAB_RECLAIMABLE_B,
  NR_SLAB_UNRECLAIMABLE_B,
  numa_node_id,
  type pglist_data,
} from "../vmstat.ts";
import { commit } from "./patch.ts";

/** mod_memcg_lruvec_state() Context: the memcg is kept by RCU or a reference. */
export const mod_memcg_lruvec_state = kernel(
  "mod_memcg_lruvec_state",
  (memcg: mem_cgroup, pgdat: pglist_data, idx: number, nr: number): void => {
    const i = pgdat.index * NODE_STATS + idx;
    for (let m: mem_cgroup | null = memcg; m; m = parent_mem_cgroup(m)) {
      atomic_add(nr, element(m.$lruvec_stats, i));
    }
  },
  { inline: true },
);

/** mod_objcg_state() Context: any; the caller owns a reference. */
export const mod_objcg_state = kernel(
  "mod_objcg_state",
  (objcg: obj_cgroup, pgdat: pglist_data, idx: number, nr: number): void => {
    rcu_read_lock();
    mod_memcg_lruvec_state(obj_cgroup_memcg(objcg)!, pgdat, idx, nr);
    rcu_read_unlock();
  },
);

/** cache_vmstat_idx() */
export function cache_vmstat_idx(object: kmem_object): number {
  return object.reclaimable ? NR_SLAB_RECLAIMABLE_B : NR_SLAB_UNRECLAIMABLE_B;
}

/** kmem_cache_alloc_node() of an accounted cache. Context: any; may sleep if gfp says so. */
const kmem_cache_alloc_node = kernel(
  "kmem_cache_alloc_node",
  (size: number, gfp: gfp_t, node: number, reclaimable: number): kmem_object | null => {
    const objcg = get_obj_cgroup_from_current();
    if (objcg && obj_cgroup_charge(objcg, gfp, obj_full_size(size))) {
      obj_cgroup_put(objcg);
      return null;
    }
    const object = kzalloc(kmem_object, gfp);
    if (object) {
      object.size = size;
      object.pgdat = NODE_DATA(node);
      object.reclaimable = reclaimable;
    }
    if (objcg) memcg_slab_post_alloc_hook(objcg, gfp, object, size);
    return object;
  },
);

export default commit({
  commit: "fdbcb2a6d677",
  subject: "mm/memcg: move mod_objcg_state() to memcontrol.c",
  version: "v5.14",
  needs: ["becaba65f62f"],
  adds: ["mod_memcg_lruvec_state", "mod_objcg_state", "kmem_cache_alloc_node"],
}, {
  kmem_cache_alloc: (size: number, gfp: gfp_t): kmem_object | null =>
    kmem_cache_alloc_node(size, gfp, numa_node_id(), 0),

  memcg_slab_post_alloc_hook(
    objcg: obj_cgroup,
    gfp: gfp_t,
    object: kmem_object | null,
    size: number,
  ): void {
    if (object && kmalloc_may_fail(gfp)) { // memcg_alloc_page_obj_cgroups()
      obj_cgroup_get(objcg);
      object.objcg = objcg;
      mod_objcg_state(objcg, object.pgdat!, cache_vmstat_idx(object), obj_full_size(size));
    } else {
      obj_cgroup_uncharge(objcg, obj_full_size(size));
    }
    obj_cgroup_put(objcg);
  },

  memcg_slab_free_hook(object: kmem_object): void {
    const objcg = object.objcg;
    if (!objcg) return;
    object.objcg = null;
    const size = obj_full_size(object.size);
    obj_cgroup_uncharge(objcg, size);
    mod_objcg_state(objcg, object.pgdat!, cache_vmstat_idx(object), -size);
    obj_cgroup_put(objcg);
  },
});
