/** Planted: draining reads `objcg->memcg` without an RCU read-side section. */
import { atomic_add } from "../../../../src/machine/memory/access.ts";
import { __memcg_kmem_uncharge } from "../../../../src/kernel/memcontrol.ts";
import { obj_cgroup_memcg, obj_cgroup_put } from "../../../../src/kernel/memcontrol-objcg.ts";
import type { memcg_stock_pcp } from "../../../../src/kernel/memcontrol-types.ts";
import { PAGE_SHIFT, PAGE_SIZE } from "../../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("unheld_lookup", "forgets rcu_read_lock()", {
  drain_obj_stock(stock: memcg_stock_pcp): void {
    const old = stock.cached_objcg;
    if (!old) return;
    const nr_pages = stock.nr_bytes >>> PAGE_SHIFT;
    if (nr_pages) __memcg_kmem_uncharge(obj_cgroup_memcg(old)!, nr_pages);
    atomic_add(stock.nr_bytes & (PAGE_SIZE - 1), old.$nr_charged_bytes);
    stock.nr_bytes = 0;
    obj_cgroup_put(old);
    stock.cached_objcg = null;
  },
});
