/**
 * 1685bde6b9af ("mm: memcontrol: fix get_active_memcg return value"), v5.12.
 *
 * It returns the cgroup that it took a reference to.
 *
 * @module
 */
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { active_memcg } from "../active-memcg.ts";
import { css_tryget } from "../cgroup.ts";
import { type mem_cgroup, root_mem_cgroup } from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "1685bde6b9af",
  subject: "mm: memcontrol: fix get_active_memcg return value",
  version: "v5.12",
  fixes: ["k01"],
  needs: ["37d5985c003d"],
}, {
  get_active_memcg(): mem_cgroup | null {
    rcu_read_lock();
    let memcg = active_memcg();
    const dead = memcg !== null && !css_tryget(memcg.css);
    WARN_ON_ONCE(dead, "nobody holds the active memcg");
    if (dead) memcg = root_mem_cgroup();
    rcu_read_unlock();
    return memcg;
  },
});
