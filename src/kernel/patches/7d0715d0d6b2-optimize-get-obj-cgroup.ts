/**
 * 7d0715d0d6b2 ("mm: kmem: optimize get_obj_cgroup_from_current()"), v6.7.
 *
 * Whether anybody is to be charged is found out on the way, instead of by memcg_kmem_bypass().
 *
 * @module
 */
import { active_memcg } from "../active-memcg.ts";
import { mem_cgroup_from_task } from "../memcontrol.ts";
import type { obj_cgroup } from "../memcontrol-types.ts";
import { in_task } from "../preempt.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { current } from "../sched.ts";
import { commit } from "./patch.ts";
import { __get_obj_cgroup_from_memcg } from "./f4840ccfca25-zswap-memcg-accounting.ts";

export default commit({
  commit: "7d0715d0d6b2",
  subject: "mm: kmem: optimize get_obj_cgroup_from_current()",
  version: "v6.7",
  needs: ["f4840ccfca25"],
}, {
  get_obj_cgroup_from_current(): obj_cgroup | null {
    const active = active_memcg();
    // Whom to charge cannot be determined.
    if (!active && (!in_task() || !current().mm)) return null;
    rcu_read_lock();
    const objcg = __get_obj_cgroup_from_memcg(active ?? mem_cgroup_from_task(current()));
    rcu_read_unlock();
    return objcg;
  },
});
