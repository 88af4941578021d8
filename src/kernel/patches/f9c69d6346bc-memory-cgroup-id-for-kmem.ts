/**
 * f9c69d6346bc ("mm: memcontrol: reuse memory cgroup ID for kmem ID"), v5.18.
 *
 * kmem needs no id of its own, which could fail to be had.
 *
 * @module
 */
import { ENOMEM } from "../errno.ts";
import "../memcontrol-css.ts";
import { memcg_reparent_objcgs, obj_cgroup_alloc } from "../memcontrol-objcg.ts";
import { parent_mem_cgroup } from "../memcontrol.ts";
import { type mem_cgroup, root_mem_cgroup } from "../memcontrol-types.ts";
import { rcu_assign_pointer } from "../rcu.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "f9c69d6346bc",
  subject: "mm: memcontrol: reuse memory cgroup ID for kmem ID",
  version: "v5.18",
  needs: ["da0efe309444"],
}, {
  memcg_online_kmem(memcg: mem_cgroup): number {
    const objcg = obj_cgroup_alloc();
    if (!objcg) return -ENOMEM;
    objcg.memcg = memcg;
    rcu_assign_pointer(memcg.$objcg, objcg);
    memcg.kmemcg_id = memcg.id.id;
    return 0;
  },

  memcg_offline_kmem(memcg: mem_cgroup): void {
    const parent = parent_mem_cgroup(memcg) ?? root_mem_cgroup();
    memcg_reparent_objcgs(memcg, parent);
  },
});
