/**
 * e86828e5446d ("mm: kmem: scoped objcg protection"), v6.7.
 *
 * Charging takes no reference to the objcg: the task holds one, or the cgroup that is charged on
 * somebody's behalf does. current_obj_cgroup() returns a variable that was never assigned if that cgroup
 * is the root (B11).
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { UNINIT_POINTER } from "../../machine/memory/uninit.ts";
import { active_memcg } from "../active-memcg.ts";
import type { gfp_t } from "../errno.ts";
import { obj_cgroup_charge, obj_cgroup_get, obj_cgroup_uncharge } from "../memcontrol-objcg.ts";
import { mem_cgroup_is_root, parent_mem_cgroup } from "../memcontrol.ts";
import { kmem_object, type mem_cgroup, type obj_cgroup, type page } from "../memcontrol-types.ts";
import { rcu_dereference_check } from "../rcu.ts";
import { memcg_slab_post_alloc_hook, obj_full_size } from "../slab-hooks.ts";
import { kmalloc_may_fail, kzalloc } from "../slab.ts";
import { NODE_DATA } from "../vmstat.ts";
import { task_objcg } from "./1aacbd354313-direct-objcg-pointer.ts";
import { in_task } from "../preempt.ts";
import { obj_cgroup_charge_pages } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { cache_vmstat_idx, mod_objcg_state } from "./fdbcb2a6d677-mod-objcg-state.ts";
import { commit } from "./patch.ts";

/** The objcg to charge for a cgroup that somebody holds, without a reference; `none` for the root. */
export function objcg_of_active(
  active: mem_cgroup,
  none: obj_cgroup | null,
): obj_cgroup | null {
  let objcg = none;
  let memcg = active;
  for (; !mem_cgroup_is_root(memcg); memcg = parent_mem_cgroup(memcg)!) {
    objcg = rcu_dereference_check(memcg.$objcg, true);
    if (objcg) break;
    objcg = null;
  }
  return objcg;
}

/** current_obj_cgroup(): without a reference. Context: any, until the task or the scope ends. */
export const current_obj_cgroup = kernel("current_obj_cgroup", (): obj_cgroup | null => {
  const active = active_memcg();
  if (active) return objcg_of_active(active, UNINIT_POINTER as obj_cgroup);
  return in_task() ? task_objcg() : null;
});

export default commit({
  commit: "e86828e5446d",
  subject: "mm: kmem: scoped objcg protection",
  version: "v6.7",
  brings: ["B11"],
  needs: ["1aacbd354313", "675d6c9b59e3", "7d0715d0d6b2", "e74d225910ec", "fdbcb2a6d677"],
  adds: ["current_obj_cgroup"],
}, {
  __memcg_kmem_charge_page(page: page, gfp: gfp_t, order: number): number {
    const objcg = current_obj_cgroup();
    if (!objcg) return 0;
    const ret = obj_cgroup_charge_pages(objcg, gfp, 1 << order);
    if (!ret) {
      obj_cgroup_get(objcg);
      page.objcg = objcg;
    }
    return ret;
  },

  kmem_cache_alloc_node(
    size: number,
    gfp: gfp_t,
    node: number,
    reclaimable: number,
  ): kmem_object | null {
    const objcg = current_obj_cgroup(); // memcg_slab_pre_alloc_hook()
    if (objcg && obj_cgroup_charge(objcg, gfp, obj_full_size(size))) return null;
    const object = kzalloc(kmem_object, gfp);
    if (object) {
      object.size = size;
      object.pgdat = NODE_DATA(node);
      object.reclaimable = reclaimable;
    }
    if (objcg) memcg_slab_post_alloc_hook(objcg, gfp, object, size);
    return object;
  },

  memcg_slab_post_alloc_hook(
    objcg: obj_cgroup,
    gfp: gfp_t,
    object: kmem_object | null,
    size: number,
  ): void {
    if (object && kmalloc_may_fail(gfp)) { // memcg_alloc_slab_cgroups()
      obj_cgroup_get(objcg);
      object.objcg = objcg;
      mod_objcg_state(objcg, object.pgdat!, cache_vmstat_idx(object), obj_full_size(size));
    } else {
      obj_cgroup_uncharge(objcg, obj_full_size(size));
    }
  },
});
