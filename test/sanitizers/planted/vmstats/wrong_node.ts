/** Planted: what is freed is taken off another node than it was added to. */
import type { mem_cgroup } from "../../../../src/kernel/memcontrol-types.ts";
import { mod_lruvec } from "../../../../src/kernel/patches/memcg_vmstats.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("wrong_node", "takes the node of somebody else", {
  __mod_memcg_lruvec_state: (memcg: mem_cgroup, nid: number, val: number): void =>
    mod_lruvec(memcg, val < 0 ? 1 - nid : nid, val),
});
