/**
 * What would mend B27: what v7.1 does for other items (8285917d6f38), done for slab objects. A cgroup that
 * goes offline hands what was counted in it on to its parent, and nobody counts in a dying cgroup any more.
 *
 * Whoever counts does so in an RCU section. The cgroup is marked as dying before its percpu_ref is killed,
 * and it goes offline when that is confirmed, after a grace period. (In v7.1 a second one passes.)
 *
 * @module
 */
import { array_read } from "../../machine/memory/access.ts";
import { config } from "../../machine/words/config.ts";
import { CSS_DYING } from "../cgroup-defs.ts";
import { parent_mem_cgroup } from "../memcontrol.ts";
import { type mem_cgroup, root_mem_cgroup } from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { NODE_STATS, NODES, type pglist_data } from "../vmstat.ts";
import { count_local, mod_lruvec, of_node } from "./memcg_state_local.ts";
import { around, patch } from "./patch.ts";

/** get_non_dying_memcg_start(). Context: rcu_read_lock(). */
export function non_dying(memcg: mem_cgroup): mem_cgroup {
  while (memcg.css.flags & CSS_DYING) memcg = parent_mem_cgroup(memcg) ?? root_mem_cgroup();
  return memcg;
}

/** lruvec_page_state_local() */
function page_state_local(memcg: mem_cgroup, nid: number, idx: number): number {
  let x = 0;
  for (let cpu = 0; cpu < config.cpus; cpu++) {
    x += array_read(memcg.$lruvec_stats_percpu, of_node(cpu, nid, idx));
  }
  return x;
}

/** reparent_state_local() Context: cgroup_mutex. */
function reparent_state_local(memcg: mem_cgroup, parent: mem_cgroup): void {
  for (let nid = 0; nid < NODES; nid++) {
    for (let idx = 0; idx < NODE_STATS; idx++) {
      const value = page_state_local(memcg, nid, idx);
      if (!value) continue;
      count_local(memcg, nid, idx, -value);
      count_local(parent, nid, idx, value);
    }
  }
}

export default patch("b27-reparent-local-statistics", "memcg: reparent slab statistics", {
  memcg_reparent_objcgs: around((original) => (memcg: mem_cgroup, parent: mem_cgroup): void => {
    original(memcg, parent);
    reparent_state_local(memcg, parent);
  }),

  mod_memcg_lruvec_state(memcg: mem_cgroup, pgdat: pglist_data, idx: number, nr: number): void {
    rcu_read_lock();
    mod_lruvec(non_dying(memcg), pgdat.index, idx, nr);
    rcu_read_unlock();
  },
});
