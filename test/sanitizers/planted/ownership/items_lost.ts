/** Planted: the parent's list does not count what it takes over. */
import { list_splice_init } from "../../../../src/kernel/list.ts";
import { list_lru_from_memcg_idx, lock_of, nlru_of } from "../../../../src/kernel/list_lru.ts";
import type { mem_cgroup } from "../../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";
import { spin_lock_irq, spin_unlock_irq } from "../../../../src/kernel/spinlock.ts";

export default patch("items_lost", "forgets nr_items", {
  memcg_reparent_list_lru_node(nid: number, src_idx: number, dst_memcg: mem_cgroup): void {
    const lock = lock_of(nlru_of(nid));
    spin_lock_irq(lock);
    const src = list_lru_from_memcg_idx(nid, src_idx);
    const dst = list_lru_from_memcg_idx(nid, dst_memcg.kmemcg_id);
    if (src) list_splice_init(src.list, dst!.list);
    spin_unlock_irq(lock);
  },
});
