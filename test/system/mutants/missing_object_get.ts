/**
 * A mutant of v5.9: an object that is charged has no reference to its objcg.
 *
 * @module
 */
import type { gfp_t } from "../../../src/kernel/errno.ts";
import type { kmem_object, obj_cgroup } from "../../../src/kernel/memcontrol-types.ts";
import { obj_cgroup_put, obj_cgroup_uncharge } from "../../../src/kernel/memcontrol-objcg.ts";
import { patch } from "../../../src/kernel/patches/patch.ts";
import { kmalloc_may_fail } from "../../../src/kernel/slab.ts";
import { obj_full_size } from "../../../src/kernel/slab-hooks.ts";

export default patch("missing_object_get", "no obj_cgroup_get() for an object", {
  memcg_slab_post_alloc_hook(
    objcg: obj_cgroup,
    gfp: gfp_t,
    object: kmem_object | null,
    size: number,
  ): void {
    if (object && kmalloc_may_fail(gfp)) object.objcg = objcg;
    else obj_cgroup_uncharge(objcg, obj_full_size(size));
    obj_cgroup_put(objcg);
  },
});
