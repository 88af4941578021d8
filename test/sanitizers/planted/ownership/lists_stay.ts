/** Planted: a cgroup goes offline, and its lists stay. */
import { parent_mem_cgroup } from "../../../../src/kernel/memcontrol.ts";
import { memcg_reparent_objcgs } from "../../../../src/kernel/memcontrol-objcg.ts";
import type { mem_cgroup } from "../../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("lists_stay", "forgets memcg_reparent_list_lrus()", {
  memcg_offline_kmem(memcg: mem_cgroup): void {
    memcg_reparent_objcgs(memcg, parent_mem_cgroup(memcg)!);
  },
});
