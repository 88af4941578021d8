/** Planted: the lists of a cgroup are thrown away with what is on them. */
import { lru_xa } from "../../../../src/kernel/list_lru.ts";
import type { mem_cgroup } from "../../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";
import { xa_erase_irq } from "../../../../src/kernel/xarray.ts";

export default patch("list_freed", "erases lists before they are empty", {
  memcg_reparent_list_lrus(memcg: mem_cgroup, parent: mem_cgroup): void {
    const src_idx = memcg.kmemcg_id;
    memcg.kmemcg_id = parent.kmemcg_id;
    xa_erase_irq(lru_xa, src_idx);
  },
});
