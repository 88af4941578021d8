/**
 * aa01ec1325e2 ("mm: memcontrol: allocate object cgroup for non-kmem case"), v7.1.
 *
 * The objcg of a cgroup is made when the css comes online, whether kernel memory is accounted or not, and
 * the root has one, too. Pages of users are charged through objcgs now; they are not modelled.
 *
 * root_obj_cgroup is the flag of the objcg that 01b9da291c49 makes of it.
 *
 * @module
 */
import { container_of } from "../../machine/memory/struct.ts";
import { type cgroup_subsys_state, css_get } from "../cgroup.ts";
import { ENOMEM, GFP_KERNEL } from "../errno.ts";
import { memcg_offline_kmem, memcg_online_kmem } from "../memcontrol-css.ts";
import { mem_cgroup_id_remove, mem_cgroup_publish_id } from "../memcontrol-id.ts";
import { obj_cgroup_alloc, obj_cgroup_get } from "../memcontrol-objcg.ts";
import { mem_cgroup_is_root, parent_mem_cgroup } from "../memcontrol.ts";
import { mem_cgroup, type obj_cgroup } from "../memcontrol-types.ts";
import { memcg_reparent_objcgs } from "../memcontrol-objcg.ts";
import { rcu_assign_pointer } from "../rcu.ts";
import { refcount_set } from "../refcount.ts";
import { kmalloc_may_fail } from "../slab.ts";
import { drain_all_stock } from "../memcontrol.ts";
import { mem_cgroup_id_put } from "../memcontrol-id.ts";
import { commit } from "./patch.ts";

/** obj_cgroup_is_root() */
export function obj_cgroup_is_root(objcg: obj_cgroup): boolean {
  return objcg.is_root !== 0;
}

/**
 * mem_cgroup_css_online(), with what makes the objcgs and takes them back, and what is done once nothing
 * can fail any more.
 */
export function css_online_with(
  css: cgroup_subsys_state,
  alloc: (memcg: mem_cgroup) => boolean,
  last: (memcg: mem_cgroup) => void = () => {},
): number {
  const memcg = container_of(css, mem_cgroup);
  memcg_online_kmem(memcg);
  let ret = kmalloc_may_fail(GFP_KERNEL) ? 0 : -ENOMEM; // alloc_shrinker_info()
  if (!ret && !alloc(memcg)) ret = -ENOMEM;
  if (ret) {
    memcg_offline_kmem(memcg);
    mem_cgroup_id_remove(memcg);
    return ret;
  }
  // Online state pins memcg ID, memcg ID pins CSS.
  refcount_set(memcg.id.ref, 1);
  css_get(css);
  last(memcg);
  mem_cgroup_publish_id(memcg);
  return 0;
}

function alloc_objcg(memcg: mem_cgroup): boolean {
  const objcg = obj_cgroup_alloc();
  if (!objcg) return false;
  if (mem_cgroup_is_root(memcg)) objcg.is_root = 1;
  objcg.memcg = memcg;
  rcu_assign_pointer(memcg.$objcg, objcg);
  obj_cgroup_get(objcg);
  memcg.orig_objcg = objcg;
  return true;
}

export default commit({
  commit: "aa01ec1325e2",
  subject: "mm: memcontrol: allocate object cgroup for non-kmem case",
  version: "v7.1",
  needs: ["675d6c9b59e3", "6f0df8e16eb5"],
}, {
  mem_cgroup_css_online: (css: cgroup_subsys_state): number => css_online_with(css, alloc_objcg),

  memcg_online_kmem(memcg: mem_cgroup): number {
    if (!mem_cgroup_is_root(memcg)) memcg.kmemcg_id = memcg.id.id;
    return 0;
  },

  memcg_offline_kmem(_memcg: mem_cgroup): void {
    // The lists of LRUs, which are not modelled.
  },

  mem_cgroup_css_offline(css: cgroup_subsys_state): void {
    const memcg = container_of(css, mem_cgroup);
    memcg_offline_kmem(memcg);
    memcg_reparent_objcgs(memcg, parent_mem_cgroup(memcg)!);
    drain_all_stock(memcg);
    mem_cgroup_id_put(memcg);
  },
});
