/**
 * 5f79489a73d7 ("mm: kmem: properly initialize local objcg variable in current_obj_cgroup()"), v6.7.
 *
 * @module
 */
import { active_memcg } from "../active-memcg.ts";
import type { obj_cgroup } from "../memcontrol-types.ts";
import { task_objcg } from "./1aacbd354313-direct-objcg-pointer.ts";
import { in_task } from "../preempt.ts";
import { objcg_of_active } from "./e86828e5446d-scoped-objcg-protection.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "5f79489a73d7",
  subject: "mm: kmem: properly initialize local objcg variable in current_obj_cgroup()",
  version: "v6.7",
  fixes: ["B11"],
  needs: ["1aacbd354313", "7d0715d0d6b2", "e86828e5446d"],
}, {
  current_obj_cgroup(): obj_cgroup | null {
    const active = active_memcg();
    if (active) return objcg_of_active(active, null);
    return in_task() ? task_objcg() : null;
  },
});
