/**
 * Planted: every other objcg is on its own cgroup's list; the posted patch puts all of them there.
 */
import { ENOMEM } from "../../../../src/kernel/errno.ts";
import { list_add } from "../../../../src/kernel/list.ts";
import { memcg_alloc_cache_id } from "../../../../src/kernel/memcontrol-css.ts";
import { obj_cgroup_alloc } from "../../../../src/kernel/memcontrol-objcg.ts";
import { KMEM_ONLINE, type mem_cgroup } from "../../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";
import { rcu_assign_pointer } from "../../../../src/kernel/rcu.ts";

export default patch("list_own", "a list too many", {
  memcg_online_kmem(memcg: mem_cgroup): number {
    const memcg_id = memcg_alloc_cache_id();
    const objcg = obj_cgroup_alloc();
    if (!objcg) return -ENOMEM;
    objcg.memcg = memcg;
    rcu_assign_pointer(memcg.$objcg, objcg);
    if (memcg_id % 2 === 0) list_add(objcg.list, memcg.objcg_list);
    memcg.kmemcg_id = memcg_id;
    memcg.kmem_state = KMEM_ONLINE;
    return 0;
  },
});
