/**
 * 964d4bd370d5 ("mm: memcg/slab: save obj_cgroup for non-root slab objects"), v5.9.
 *
 * get_obj_cgroup_from_current() walks up until a cgroup has a live objcg. What else the commit does,
 * the slab hooks, is in slab-hooks.ts for all kernels.
 *
 * If the walk ends at the root, the objcg of a failed tryget is returned. 2f7659a31473 fixed that
 * in v5.11. The tryget cannot fail there while RCU works: B2 in corpus/README.md.
 *
 * @module
 */
import { obj_cgroup_tryget } from "../memcontrol-objcg.ts";
import { mem_cgroup_from_task, mem_cgroup_is_root, parent_mem_cgroup } from "../memcontrol.ts";
import { type mem_cgroup, type obj_cgroup } from "../memcontrol-types.ts";
import { rcu_dereference, rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { current } from "../sched.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "964d4bd370d5",
  subject: "mm: memcg/slab: save obj_cgroup for non-root slab objects",
  version: "v5.9",
  brings: ["B2"],
}, {
  get_obj_cgroup_from_current(): obj_cgroup | null {
    let objcg: obj_cgroup | null = null;
    if (!current().mm && !current().active_memcg) return null;
    rcu_read_lock();
    const active = current().active_memcg as mem_cgroup | null;
    let memcg = active ?? mem_cgroup_from_task(current());
    for (; !mem_cgroup_is_root(memcg); memcg = parent_mem_cgroup(memcg)!) {
      objcg = rcu_dereference(memcg.$objcg);
      if (objcg && obj_cgroup_tryget(objcg)) break;
    }
    rcu_read_unlock();
    return objcg;
  },
});
