/**
 * f4840ccfca25 ("zswap: memcg accounting"), v5.19.
 *
 * Of it only that the walk up the hierarchy became a function of its own; zswap is not modelled.
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { active_memcg } from "../active-memcg.ts";
import { obj_cgroup_tryget } from "../memcontrol-objcg.ts";
import { mem_cgroup_from_task, mem_cgroup_is_root, parent_mem_cgroup } from "../memcontrol.ts";
import type { mem_cgroup, obj_cgroup } from "../memcontrol-types.ts";
import { rcu_dereference, rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { current } from "../sched.ts";
import { memcg_kmem_bypass } from "./279c3393e2c1-memcg-kmem-bypass.ts";
import { commit } from "./patch.ts";

/** __get_obj_cgroup_from_memcg(): with a reference. Context: rcu_read_lock(). */
export const __get_obj_cgroup_from_memcg = kernel(
  "__get_obj_cgroup_from_memcg",
  (from: mem_cgroup): obj_cgroup | null => {
    let memcg: mem_cgroup | null = from;
    for (; memcg && !mem_cgroup_is_root(memcg); memcg = parent_mem_cgroup(memcg)) {
      const objcg = rcu_dereference(memcg.$objcg);
      if (objcg && obj_cgroup_tryget(objcg)) return objcg;
    }
    return null;
  },
);

export default commit({
  commit: "f4840ccfca25",
  subject: "zswap: memcg accounting",
  version: "v5.19",
  needs: ["279c3393e2c1", "2f7659a31473"],
  adds: ["__get_obj_cgroup_from_memcg"],
}, {
  get_obj_cgroup_from_current(): obj_cgroup | null {
    if (memcg_kmem_bypass()) return null;
    rcu_read_lock();
    const memcg = active_memcg() ? active_memcg()! : mem_cgroup_from_task(current());
    const objcg = __get_obj_cgroup_from_memcg(memcg);
    rcu_read_unlock();
    return objcg;
  },
});
