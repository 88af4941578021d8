/** Planted: an object that is freed is counted twice in the cgroup's own statistics. */
import type { mem_cgroup } from "../../../../src/kernel/memcontrol-types.ts";
import { count_local, mod_lruvec } from "../../../../src/kernel/patches/memcg_state_local.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";
import type { pglist_data } from "../../../../src/kernel/vmstat.ts";

export default patch("twice", "counts what is freed twice", {
  mod_memcg_lruvec_state(memcg: mem_cgroup, pgdat: pglist_data, idx: number, nr: number): void {
    mod_lruvec(memcg, pgdat.index, idx, nr);
    if (nr < 0) count_local(memcg, pgdat.index, idx, nr);
  },
});
