/**
 * 88f2ef73fd66 ("mm: introduce kmem_cache_alloc_lru"), v5.18.
 *
 * Whoever allocates an object that will be on a list says so: its cgroup gets lists before it is charged. Where
 * charging is done, and with whose reference, is that of the kernel: e86828e5446d (v6.7) takes none, and with
 * 9f9796b413d3 (v6.10) the object is there already.
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { prototype } from "../../machine/calls/prototype.ts";
import { css_put } from "../cgroup.ts";
import type { gfp_t } from "../errno.ts";
import { INIT_LIST_HEAD } from "../list.ts";
import {
  get_obj_cgroup_from_current,
  obj_cgroup_charge,
  obj_cgroup_get,
  obj_cgroup_put,
  obj_cgroup_uncharge,
} from "../memcontrol-objcg.ts";
import { kmem_object, type obj_cgroup } from "../memcontrol-types.ts";
import { memcg_slab_post_alloc_hook, obj_full_size } from "../slab-hooks.ts";
import { kfree, kmalloc_may_fail, kzalloc } from "../slab.ts";
import { has } from "../version.ts";
import { NODE_DATA, numa_node_id } from "../vmstat.ts";
import { get_mem_cgroup_from_objcg } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { cache_vmstat_idx, mod_objcg_state } from "./fdbcb2a6d677-mod-objcg-state.ts";
import { memcg_list_lru_alloc } from "./list_lru.ts";
import { commit } from "./patch.ts";

/** Since e86828e5446d (v6.7). */
const current_obj_cgroup = prototype<() => obj_cgroup | null>("current_obj_cgroup", 0);

/** The lists of an objcg's cgroup, in the hooks: 0, or an error. */
function alloc_lists(objcg: obj_cgroup, gfp: gfp_t): number {
  const memcg = get_mem_cgroup_from_objcg(objcg);
  const ret = memcg_list_lru_alloc(memcg, gfp);
  css_put(memcg.css);
  return ret;
}

/** The lists, and the charge for an object: whether it may be used. */
function charge(objcg: obj_cgroup, size: number, gfp: gfp_t): boolean {
  return !alloc_lists(objcg, gfp) && !obj_cgroup_charge(objcg, gfp, obj_full_size(size));
}

/** The object itself, of this CPU's node; a cache that has a shrinker counts as reclaimable. */
function alloc_object(size: number, gfp: gfp_t): kmem_object | null {
  const object = kzalloc(kmem_object, gfp);
  if (!object) return null;
  object.size = size;
  object.pgdat = NODE_DATA(numa_node_id());
  object.reclaimable = 1;
  INIT_LIST_HEAD(object.lru); // the caller does, or a constructor
  return object;
}

type Alloc = (size: number, gfp: gfp_t) => kmem_object | null;

const charged_first: Alloc = (size, gfp) => {
  const objcg = get_obj_cgroup_from_current(); // memcg_slab_pre_alloc_hook()
  if (objcg && !charge(objcg, size, gfp)) {
    obj_cgroup_put(objcg);
    return null;
  }
  const object = alloc_object(size, gfp);
  if (objcg) memcg_slab_post_alloc_hook(objcg, gfp, object, size);
  return object;
};

const charged_without_reference: Alloc = (size, gfp) => {
  const objcg = current_obj_cgroup(); // memcg_slab_pre_alloc_hook()
  if (objcg && !charge(objcg, size, gfp)) return null;
  const object = alloc_object(size, gfp);
  if (objcg) memcg_slab_post_alloc_hook(objcg, gfp, object, size);
  return object;
};

const charged_afterwards: Alloc = (size, gfp) => {
  const object = alloc_object(size, gfp);
  const objcg = object ? current_obj_cgroup() : null; // __memcg_slab_post_alloc_hook()
  if (!object || !objcg) return object;
  if (!charge(objcg, size, gfp)) {
    kfree(object); // memcg_alloc_abort_single()
    return null;
  }
  if (!kmalloc_may_fail(gfp)) { // alloc_slab_obj_exts()
    obj_cgroup_uncharge(objcg, obj_full_size(size));
    return object;
  }
  obj_cgroup_get(objcg);
  object.objcg = objcg;
  mod_objcg_state(objcg, object.pgdat!, cache_vmstat_idx(object), obj_full_size(size));
  return object;
};

const alloc = has("9f9796b413d3")
  ? charged_afterwards
  : has("e86828e5446d")
  ? charged_without_reference
  : charged_first;

/** kmem_cache_alloc_lru() of an accounted cache. Context: task; may sleep if gfp says so. */
export const kmem_cache_alloc_lru = kernel(
  "kmem_cache_alloc_lru",
  (size: number, gfp: gfp_t): kmem_object | null => alloc(size, gfp),
);

export default commit({
  commit: "88f2ef73fd66",
  subject: "mm: introduce kmem_cache_alloc_lru",
  version: "v5.18",
  needs: ["list_lru", "e74d225910ec", "fdbcb2a6d677"],
  adds: ["kmem_cache_alloc_lru"],
}, {});
