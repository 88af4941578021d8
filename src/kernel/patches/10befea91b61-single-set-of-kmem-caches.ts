/**
 * 10befea91b61 ("mm: memcg/slab: use a single set of kmem_caches for all allocations"), v5.9.
 *
 * Accounted and other objects come from the same caches, so an object can be handed out unaccounted;
 * memcg_slab_pre_alloc_hook() returns the objcg, and cannot tell "do not account" from "over the
 * limit". In the model v5.9 is without it: it comes with v5.10, where becaba65f62f mends it.
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
import { alloc_object, memcg_kmem_bypass, obj_full_size } from "../slab-hooks.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "10befea91b61",
  subject: "mm: memcg/slab: use a single set of kmem_caches for all allocations",
  version: "v5.9",
  brings: ["B3"],
}, {
  kmem_cache_alloc(size: number, gfp: gfp_t): kmem_object | null {
    let objcg = memcg_kmem_bypass() ? null : get_obj_cgroup_from_current();
    if (objcg && obj_cgroup_charge(objcg, gfp, obj_full_size(size))) {
      obj_cgroup_put(objcg);
      objcg = null; // and the allocation goes on
    }
    return alloc_object(objcg, gfp, size);
  },
});
