/**
 * becaba65f62f ("mm: memcg/slab: fix obj_cgroup_charge() return value handling"), v5.10.
 *
 * A charge that fails makes the allocation fail.
 *
 * @module
 */
import type { gfp_t } from "../errno.ts";
import {
  get_obj_cgroup_from_current,
  obj_cgroup_charge,
  obj_cgroup_put,
} from "../memcontrol-objcg.ts";
import type { kmem_object } from "../memcontrol-types.ts";
import { alloc_object, obj_full_size } from "../slab-hooks.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "becaba65f62f",
  subject: "mm: memcg/slab: fix obj_cgroup_charge() return value handling",
  version: "v5.10",
  fixes: ["B3"],
  needs: ["279c3393e2c1"],
}, {
  kmem_cache_alloc(size: number, gfp: gfp_t): kmem_object | null {
    const objcg = get_obj_cgroup_from_current();
    if (objcg && obj_cgroup_charge(objcg, gfp, obj_full_size(size))) {
      obj_cgroup_put(objcg);
      return null;
    }
    return alloc_object(objcg, gfp, size);
  },
});
