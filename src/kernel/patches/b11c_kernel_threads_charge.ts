/**
 * B11c: version 3 of "mm: kmem: add direct objcg pointer to task_struct" (1aacbd354313, v6.7).
 *
 * Whoever looks the objcg of a task up does not ask whether it is a kernel thread. One that is moved into a
 * cgroup charges that from then on; until then kernel threads were never accounted.
 *
 * @module
 */
import { cmpxchg, xchg } from "../../machine/memory/access.ts";
import { obj_cgroup_put } from "../memcontrol-objcg.ts";
import { mem_cgroup_from_task } from "../memcontrol.ts";
import type { obj_cgroup } from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { current, OBJCG_FLAG_BITS } from "../sched.ts";
import { without_flag } from "./1aacbd354313-direct-objcg-pointer.ts";
import { __get_obj_cgroup_from_memcg } from "./f4840ccfca25-zswap-memcg-accounting.ts";
import { draft } from "./patch.ts";

export default draft({
  bug: "b11c",
  subject: "mm: kmem: add direct objcg pointer to task_struct (version 3, kernel threads)",
  link: "https://lore.kernel.org/r/20231016221900.4031141-3-roman.gushchin@linux.dev",
  version: "v6.7",
  needs: ["1aacbd354313", "f4840ccfca25"],
}, {
  current_objcg_update(): obj_cgroup | null {
    let objcg: obj_cgroup | null = null;
    for (;;) {
      const old = without_flag(xchg(current().$objcg, 0));
      if (old) obj_cgroup_put(old);
      if (objcg) obj_cgroup_put(objcg);
      rcu_read_lock();
      objcg = __get_obj_cgroup_from_memcg(mem_cgroup_from_task(current()));
      rcu_read_unlock();
      const word = objcg ? objcg.a << OBJCG_FLAG_BITS : 0;
      if (cmpxchg(current().$objcg, 0, word) === 0) return objcg;
    }
  },
});
