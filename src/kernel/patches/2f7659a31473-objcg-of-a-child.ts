/**
 * 2f7659a31473 ("mm: memcg/slab: fix return of child memcg objcg for root memcg"), v5.11.
 *
 * The objcg of a failed tryget is forgotten.
 *
 * @module
 */
import { active_memcg } from "../active-memcg.ts";
import { obj_cgroup_tryget } from "../memcontrol-objcg.ts";
import { mem_cgroup_from_task, mem_cgroup_is_root, parent_mem_cgroup } from "../memcontrol.ts";
import type { obj_cgroup } from "../memcontrol-types.ts";
import { rcu_dereference, rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { current } from "../sched.ts";
import { memcg_kmem_bypass } from "./279c3393e2c1-memcg-kmem-bypass.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "2f7659a31473",
  subject: "mm: memcg/slab: fix return of child memcg objcg for root memcg",
  version: "v5.11",
  fixes: ["B2"],
  needs: ["279c3393e2c1", "37d5985c003d"],
}, {
  get_obj_cgroup_from_current(): obj_cgroup | null {
    if (memcg_kmem_bypass()) return null;
    let objcg: obj_cgroup | null = null;
    rcu_read_lock();
    let memcg = active_memcg() ? active_memcg()! : mem_cgroup_from_task(current());
    for (; !mem_cgroup_is_root(memcg); memcg = parent_mem_cgroup(memcg)!) {
      objcg = rcu_dereference(memcg.$objcg);
      if (objcg && obj_cgroup_tryget(objcg)) break;
      objcg = null;
    }
    rcu_read_unlock();
    return objcg;
  },
});
