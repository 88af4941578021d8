/**
 * B11b: version 3 of "mm: kmem: add direct objcg pointer to task_struct" (1aacbd354313, v6.7).
 *
 * If the task is moved while it looks its objcg up, the cmpxchg() fails and it looks again. Nobody puts
 * the objcg that it has found first.
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
  bug: "b11b",
  subject: "mm: kmem: add direct objcg pointer to task_struct (version 3)",
  link: "https://lore.kernel.org/r/20231016221900.4031141-3-roman.gushchin@linux.dev",
  version: "v6.7",
  needs: ["1aacbd354313", "f4840ccfca25"],
}, {
  current_objcg_update(): obj_cgroup | null {
    for (;;) {
      const old = without_flag(xchg(current().$objcg, 0));
      if (old) obj_cgroup_put(old);
      if (!current().mm) return null;
      rcu_read_lock();
      const objcg = __get_obj_cgroup_from_memcg(mem_cgroup_from_task(current()));
      rcu_read_unlock();
      const word = objcg ? objcg.a << OBJCG_FLAG_BITS : 0;
      if (cmpxchg(current().$objcg, 0, word) === 0) return objcg;
    }
  },
});
