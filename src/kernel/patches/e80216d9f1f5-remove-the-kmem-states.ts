/**
 * e80216d9f1f5 ("mm: memcontrol: remove the kmem states"), v5.16.
 *
 * A kmemcg_id of -1 says that kmem is not online.
 *
 * @module
 */
import { BUG_ON } from "../../machine/findings/warn.ts";
import { ENOMEM } from "../errno.ts";
import { memcg_alloc_cache_id, memcg_free_cache_id } from "../memcontrol-css.ts";
import { memcg_reparent_objcgs, obj_cgroup_alloc } from "../memcontrol-objcg.ts";
import { parent_mem_cgroup } from "../memcontrol.ts";
import { type mem_cgroup, root_mem_cgroup } from "../memcontrol-types.ts";
import { rcu_assign_pointer } from "../rcu.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "e80216d9f1f5",
  subject: "mm: memcontrol: remove the kmem states",
  version: "v5.16",
  needs: ["38d4ef44ee4a", "642688681133"],
}, {
  memcg_online_kmem(memcg: mem_cgroup): number {
    BUG_ON(memcg.kmemcg_id >= 0);
    const memcg_id = memcg_alloc_cache_id();
    if (memcg_id < 0) return memcg_id;
    const objcg = obj_cgroup_alloc();
    if (!objcg) {
      memcg_free_cache_id(memcg_id);
      return -ENOMEM;
    }
    objcg.memcg = memcg;
    rcu_assign_pointer(memcg.$objcg, objcg);
    memcg.kmemcg_id = memcg_id;
    return 0;
  },

  memcg_offline_kmem(memcg: mem_cgroup): void {
    if (memcg.kmemcg_id === -1) return;
    const parent = parent_mem_cgroup(memcg) ?? root_mem_cgroup();
    memcg_reparent_objcgs(memcg, parent);
    memcg_free_cache_id(memcg.kmemcg_id);
    memcg.kmemcg_id = -1;
  },
});
