/** Planted: an object is freed, but the reference to its objcg is not put. */
import { obj_cgroup_uncharge } from "../../../../src/kernel/memcontrol-objcg.ts";
import type { kmem_object } from "../../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";
import { obj_full_size } from "../../../../src/kernel/slab-hooks.ts";

export default patch("lose-put", "mm: planted: lose a reference to an objcg", {
  memcg_slab_free_hook(object: kmem_object): void {
    const objcg = object.objcg;
    if (!objcg) return;
    object.objcg = null;
    obj_cgroup_uncharge(objcg, obj_full_size(object.size));
  },
});
