/**
 * What would mend B27 in posted and v5.9 to v5.11, with batches per CPU: a cgroup that goes offline hands
 * what was counted in it on to its parent, and nobody counts in a dying cgroup any more.
 *
 * @module
 */
import { array_read } from "../../machine/memory/access.ts";
import { config } from "../../machine/words/config.ts";
import type { mem_cgroup } from "../memcontrol-types.ts";
import { local_irq_restore, local_irq_save } from "../spinlock.ts";
import { NODES } from "../vmstat.ts";
import { non_dying } from "./b27-reparent-local-statistics.ts";
import { mod_lruvec, of_node } from "./memcg_vmstats.ts";
import { around, patch } from "./patch.ts";

/** lruvec_page_state_local() */
function page_state_local(memcg: mem_cgroup, nid: number): number {
  let x = 0;
  for (let cpu = 0; cpu < config.cpus; cpu++) {
    x += array_read(memcg.$lruvec_stat_local, of_node(nid, cpu));
  }
  return x;
}

/** reparent_state_local() Context: cgroup_mutex. */
function reparent_state_local(memcg: mem_cgroup, parent: mem_cgroup): void {
  for (let nid = 0; nid < NODES; nid++) {
    const value = page_state_local(memcg, nid);
    if (!value) continue;
    const flags = local_irq_save();
    mod_lruvec(memcg, nid, -value);
    mod_lruvec(parent, nid, value);
    local_irq_restore(flags);
  }
}

export default patch("b27-reparent-local-statistics", "memcg: reparent slab statistics", {
  memcg_reparent_objcgs: around((original) => (memcg: mem_cgroup, parent: mem_cgroup): void => {
    original(memcg, parent);
    reparent_state_local(memcg, parent);
  }),

  __mod_memcg_lruvec_state: (memcg: mem_cgroup, nid: number, val: number): void =>
    mod_lruvec(non_dying(memcg), nid, val),
});
