/**
 * The statistics of a cgroup without its descendants, of v5.14 and later: what each CPU has counted of slab
 * objects, of the cgroup and of its part of each node. Since v6.6 (f82e6bf9bb9b) a flush adds up what the
 * CPUs have counted in state_local; before, readers do.
 *
 * B27: an object that is charged to a cgroup and freed after the cgroup went offline is counted once at
 * the cgroup and taken off its parent. count_shadow_nodes() reads both. What v7.1 reparents is what the
 * memory.stat of cgroup v1 shows; slab objects are not among that (8285917d6f38).
 *
 * MODEL: rstat is left out. The hierarchical counters of the model are added to at once, and what a flush
 * would leave in state_local is the sum of what the CPUs have counted.
 *
 * @module
 */
import { atomic_add, element, this_cpu_add } from "../../machine/memory/access.ts";
import { parent_mem_cgroup } from "../memcontrol.ts";
import type { mem_cgroup } from "../memcontrol-types.ts";
import { smp_processor_id } from "../spinlock.ts";
import { NODE_STATS, NODES, type pglist_data } from "../vmstat.ts";
import { detail } from "./patch.ts";

/** per_cpu(pn->lruvec_stats_percpu->state[], cpu): its place. */
export const of_node = (cpu: number, nid: number, idx: number): number =>
  (cpu * NODES + nid) * NODE_STATS + idx;

/** A change of what this CPU has counted. The middle of __mod_memcg_lruvec_state(). */
export function count_local(memcg: mem_cgroup, nid: number, idx: number, nr: number): void {
  const cpu = smp_processor_id();
  this_cpu_add(memcg.$vmstats_percpu, cpu * NODE_STATS + idx, nr);
  this_cpu_add(memcg.$lruvec_stats_percpu, of_node(cpu, nid, idx), nr);
}

/** The body of mod_memcg_lruvec_state(). */
export function mod_lruvec(memcg: mem_cgroup, nid: number, idx: number, nr: number): void {
  count_local(memcg, nid, idx, nr);
  const i = nid * NODE_STATS + idx;
  for (let m: mem_cgroup | null = memcg; m; m = parent_mem_cgroup(m)) {
    atomic_add(nr, element(m.$lruvec_stats, i));
  }
}

export default detail({
  name: "memcg_state_local",
  subject: "statistics of slab objects of a cgroup without its descendants (v5.14 and later)",
  commit: "2d146aa3aa84",
  version: "v5.14",
  needs: ["fdbcb2a6d677"],
}, {
  mod_memcg_lruvec_state: (memcg: mem_cgroup, pgdat: pglist_data, idx: number, nr: number): void =>
    mod_lruvec(memcg, pgdat.index, idx, nr),
});
