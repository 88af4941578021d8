/**
 * 01b9da291c49 ("mm: memcontrol: convert objcg to be per-memcg per-node type"), v7.1.
 *
 * A cgroup has an objcg for each NUMA node, and each is reparented by itself. If one cannot be allocated,
 * the ones before it are killed, and lose the reference of their cgroup.
 *
 * As merged: the fixes of B20 and B21, which were made while it was in linux-next, are in it.
 *
 * MODEL: the LRU lists of f1cf8d2f36dc, for which this is, and their locks inside objcg_lock are left out.
 *
 * @module
 */
import { WRITE_ONCE } from "../../machine/memory/access.ts";
import { container_of } from "../../machine/memory/struct.ts";
import type { cgroup_subsys_state } from "../cgroup.ts";
import { ENOMEM, GFP_KERNEL } from "../errno.ts";
import { INIT_LIST_HEAD, list_add, list_splice } from "../list.ts";
import { mem_cgroup_alloc_id, mem_cgroup_id_remove } from "../memcontrol-id.ts";
import { obj_cgroup_alloc, obj_cgroup_get, obj_cgroup_put } from "../memcontrol-objcg.ts";
import { mem_cgroup_is_root } from "../memcontrol.ts";
import { mem_cgroup, nodeinfo, obj_cgroup } from "../memcontrol-types.ts";
import { percpu_ref_kill } from "../percpu-refcount.ts";
import { rcu_assign_pointer, rcu_replace_pointer } from "../rcu.ts";
import { kfree, kmalloc_may_fail, kzalloc } from "../slab.ts";
import { spin_lock_irq, spin_unlock_irq } from "../spinlock.ts";
import { NODES, numa_node_id } from "../vmstat.ts";
import { objcg_lock } from "./0764db9b49c9-objcg-lock.ts";
import { css_online_with } from "./aa01ec1325e2-objcg-of-every-memcg.ts";
import { current_or_root, get_up_to_root } from "./d5aa8c1d136e-objcg-of-the-root.ts";
import { commit } from "./patch.ts";

/** The objcgs of a cgroup that comes online; false, and undone, if there is no memory for one of them. */
export function alloc_objcgs_or(
  memcg: mem_cgroup,
  free_objcgs: (memcg: mem_cgroup) => void,
): boolean {
  for (let nid = 0; nid < NODES; nid++) {
    const objcg = obj_cgroup_alloc();
    if (!objcg) {
      free_objcgs(memcg);
      return false;
    }
    if (mem_cgroup_is_root(memcg)) objcg.is_root = 1;
    objcg.memcg = memcg;
    const pn = nodeinfo(memcg, nid);
    rcu_assign_pointer(pn.$objcg, objcg);
    obj_cgroup_get(objcg);
    pn.orig_objcg = objcg;
  }
  return true;
}

/** The label free_objcg of mem_cgroup_css_online(): nobody finds the objcgs any more. */
export function kill_objcgs(memcg: mem_cgroup): void {
  for (let nid = 0; nid < NODES; nid++) {
    const pn = nodeinfo(memcg, nid);
    const objcg = rcu_replace_pointer(pn.$objcg, null, true);
    if (objcg) percpu_ref_kill(objcg.refcnt);
    const orig = pn.orig_objcg;
    if (!orig) continue;
    obj_cgroup_put(orig);
    pn.orig_objcg = null; // __mem_cgroup_free() must not put it again
  }
}

/** __memcg_reparent_objcgs() Context: objcg_lock. */
function reparent_node(memcg: mem_cgroup, parent: mem_cgroup, nid: number): obj_cgroup {
  const pn = nodeinfo(memcg, nid);
  const objcg = rcu_replace_pointer(pn.$objcg, null, true)!;
  // 1) Ready to reparent the active objcg
  list_add(objcg.list, pn.objcg_list);
  // 2) Reparent it, and those that were reparented already
  for (let pos = pn.objcg_list.next!; pos !== pn.objcg_list; pos = pos.next!) {
    WRITE_ONCE(container_of(pos, obj_cgroup).$memcg, parent);
  }
  // 3) Move all of them to the parent's list
  list_splice(pn.objcg_list, nodeinfo(parent, nid).objcg_list);
  return objcg;
}

export default commit({
  commit: "01b9da291c49",
  subject: "mm: memcontrol: convert objcg to be per-memcg per-node type",
  version: "v7.1",
  needs: ["0764db9b49c9", "6f0df8e16eb5", "aa01ec1325e2", "d5aa8c1d136e"],
}, {
  memcg_reparent_objcgs(memcg: mem_cgroup, parent: mem_cgroup): void {
    for (let nid = 0; nid < NODES; nid++) {
      spin_lock_irq(objcg_lock); // reparent_locks()
      const objcg = reparent_node(memcg, parent, nid);
      spin_unlock_irq(objcg_lock);
      percpu_ref_kill(objcg.refcnt);
    }
  },

  __get_obj_cgroup_from_memcg(memcg: mem_cgroup): obj_cgroup | null {
    const nid = numa_node_id();
    return get_up_to_root(memcg, (m) => nodeinfo(m, nid).$objcg);
  },

  current_obj_cgroup(): obj_cgroup | null {
    const nid = numa_node_id();
    return current_or_root((m) => nodeinfo(m, nid).$objcg);
  },

  mem_cgroup_alloc(): mem_cgroup | number {
    let error = -ENOMEM;
    const memcg = kzalloc(mem_cgroup, GFP_KERNEL);
    if (!memcg) return error;
    memcg.id.id = mem_cgroup_alloc_id();
    if (memcg.id.id < 0) error = memcg.id.id;
    if (memcg.id.id < 0 || !kmalloc_may_fail(GFP_KERNEL)) { // vmstats_percpu
      mem_cgroup_id_remove(memcg);
      kfree(memcg); // __mem_cgroup_free()
      return error;
    }
    memcg.kmemcg_id = -1;
    for (let nid = 0; nid < NODES; nid++) INIT_LIST_HEAD(nodeinfo(memcg, nid).objcg_list);
    return memcg;
  },

  mem_cgroup_css_online: (css: cgroup_subsys_state): number =>
    css_online_with(css, (memcg) => alloc_objcgs_or(memcg, kill_objcgs)),

  mem_cgroup_css_free(css: cgroup_subsys_state): void {
    const memcg = container_of(css, mem_cgroup);
    for (let nid = 0; nid < NODES; nid++) { // __mem_cgroup_free()
      const objcg = nodeinfo(memcg, nid).orig_objcg;
      if (objcg) obj_cgroup_put(objcg);
    }
    kfree(memcg);
  },
});
