/**
 * 675d6c9b59e3 ("mm: kmem: make memcg keep a reference to the original objcg"), v6.7.
 *
 * The objcg of a cgroup lives at least as long as its memory, so whoever holds the cgroup can use it.
 *
 * @module
 */
import { container_of } from "../../machine/memory/struct.ts";
import type { cgroup_subsys_state } from "../cgroup.ts";
import { ENOMEM } from "../errno.ts";
import "../memcontrol-css.ts";
import { obj_cgroup_alloc, obj_cgroup_get, obj_cgroup_put } from "../memcontrol-objcg.ts";
import { mem_cgroup } from "../memcontrol-types.ts";
import { rcu_assign_pointer } from "../rcu.ts";
import { kfree } from "../slab.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "675d6c9b59e3",
  subject: "mm: kmem: make memcg keep a reference to the original objcg",
  version: "v6.7",
  needs: ["f9c69d6346bc"],
}, {
  memcg_online_kmem(memcg: mem_cgroup): number {
    const objcg = obj_cgroup_alloc();
    if (!objcg) return -ENOMEM;
    objcg.memcg = memcg;
    rcu_assign_pointer(memcg.$objcg, objcg);
    obj_cgroup_get(objcg);
    memcg.orig_objcg = objcg;
    memcg.kmemcg_id = memcg.id.id;
    return 0;
  },

  mem_cgroup_css_free(css: cgroup_subsys_state): void {
    const memcg = container_of(css, mem_cgroup);
    const objcg = memcg.orig_objcg; // __mem_cgroup_free()
    if (objcg) obj_cgroup_put(objcg);
    kfree(memcg);
  },
});
