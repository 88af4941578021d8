/**
 * a3d4c05a4474 ("mm: memcontrol: fix cpuhotplug statistics flushing"), v5.12.
 *
 * What is passed on is what the dead CPU keeps, and by the function that passes on batches.
 *
 * @module
 */
import { array_load, array_store } from "../../machine/memory/access.ts";
import { for_each_mem_cgroup } from "../memcontrol-iter.ts";
import { NODES } from "../vmstat.ts";
import { add_node_upwards, mod_memcg_state, of_node } from "./memcg_vmstats.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "a3d4c05a4474",
  subject: "mm: memcontrol: fix cpuhotplug statistics flushing",
  version: "v5.12",
  fixes: ["B10"],
  needs: ["memcg_vmstats"],
}, {
  memcg_hotplug_cpu_dead_vmstats(cpu: number): void {
    for_each_mem_cgroup((memcg) => {
      if (array_load(memcg.$vmstats_percpu, cpu)) {
        mod_memcg_state(memcg, array_load(memcg.$vmstats_percpu, cpu));
        array_store(memcg.$vmstats_percpu, cpu, 0);
      }
      for (let nid = 0; nid < NODES; nid++) {
        const i = of_node(nid, cpu);
        const x = array_load(memcg.$lruvec_stat_cpu, i);
        array_store(memcg.$lruvec_stat_cpu, i, 0);
        if (x) add_node_upwards(memcg, nid, x);
      }
    });
  },
});
