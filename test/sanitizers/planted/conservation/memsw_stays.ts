/** Planted: what is uncharged stays in the counter of memory and swap. */
import { page_counter_uncharge } from "../../../../src/kernel/page_counter.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";
import type { mem_cgroup } from "../../../../src/kernel/memcontrol-types.ts";

export default patch("memsw-stays", "memcg: planted: forget memsw", {
  memcg_uncharge: (memcg: mem_cgroup, n: number): void => page_counter_uncharge(memcg.memory, n),
});
