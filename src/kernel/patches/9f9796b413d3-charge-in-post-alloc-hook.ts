/**
 * 9f9796b413d3 ("mm, slab: move memcg charging to post-alloc hook"), v6.10.
 *
 * An object is allocated first, then charged; if that fails, it is freed again.
 *
 * @module
 */
import type { gfp_t } from "../errno.ts";
import { obj_cgroup_charge, obj_cgroup_get, obj_cgroup_uncharge } from "../memcontrol-objcg.ts";
import { kmem_object } from "../memcontrol-types.ts";
import { obj_full_size } from "../slab-hooks.ts";
import { kfree, kmalloc_may_fail, kzalloc } from "../slab.ts";
import { NODE_DATA } from "../vmstat.ts";
import { current_obj_cgroup } from "./e86828e5446d-scoped-objcg-protection.ts";
import { cache_vmstat_idx, mod_objcg_state } from "./fdbcb2a6d677-mod-objcg-state.ts";
import { commit } from "./patch.ts";

/** __memcg_slab_post_alloc_hook() for one object: whether it may be used. */
function charge_object(object: kmem_object, gfp: gfp_t, size: number): boolean {
  const objcg = current_obj_cgroup();
  if (!objcg) return true;
  if (obj_cgroup_charge(objcg, gfp, obj_full_size(size))) return false;
  if (!kmalloc_may_fail(gfp)) { // alloc_slab_obj_exts()
    obj_cgroup_uncharge(objcg, obj_full_size(size));
    return true;
  }
  obj_cgroup_get(objcg);
  object.objcg = objcg;
  mod_objcg_state(objcg, object.pgdat!, cache_vmstat_idx(object), obj_full_size(size));
  return true;
}

export default commit({
  commit: "9f9796b413d3",
  subject: "mm, slab: move memcg charging to post-alloc hook",
  version: "v6.10",
  needs: ["e86828e5446d", "fdbcb2a6d677"],
}, {
  kmem_cache_alloc_node(
    size: number,
    gfp: gfp_t,
    node: number,
    reclaimable: number,
  ): kmem_object | null {
    const object = kzalloc(kmem_object, gfp);
    if (!object) return null;
    object.size = size;
    object.pgdat = NODE_DATA(node);
    object.reclaimable = reclaimable;
    if (charge_object(object, gfp, size)) return object;
    kfree(object); // memcg_alloc_abort_single()
    return null;
  },
});
