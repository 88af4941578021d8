/**
 * 9f38f03ae8d5 ("mm: memcontrol: slab: fix obtain a reference to a freeing memcg"), v5.13.
 *
 * drain_obj_stock() holds the memcg while it gives pages back, and looks it up again if it is too late.
 *
 * @module
 */
import { atomic_add } from "../../machine/memory/access.ts";
import { css_put, css_tryget } from "../cgroup.ts";
import { obj_cgroup_memcg, obj_cgroup_put } from "../memcontrol-objcg.ts";
import { __memcg_kmem_uncharge } from "../memcontrol.ts";
import {
  type mem_cgroup,
  type memcg_stock_pcp,
  PAGE_SHIFT,
  PAGE_SIZE,
} from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "9f38f03ae8d5",
  subject: "mm: memcontrol: slab: fix obtain a reference to a freeing memcg",
  version: "v5.13",
  fixes: ["B1"],
}, {
  drain_obj_stock(stock: memcg_stock_pcp): void {
    const old = stock.cached_objcg;
    if (!old) return;
    if (stock.nr_bytes) {
      const nr_pages = stock.nr_bytes >>> PAGE_SHIFT;
      const nr_bytes = stock.nr_bytes & (PAGE_SIZE - 1);
      if (nr_pages) {
        rcu_read_lock();
        let memcg: mem_cgroup;
        do memcg = obj_cgroup_memcg(old)!; while (!css_tryget(memcg.css));
        rcu_read_unlock();
        __memcg_kmem_uncharge(memcg, nr_pages);
        css_put(memcg.css);
      }
      atomic_add(nr_bytes, old.$nr_charged_bytes);
      stock.nr_bytes = 0;
    }
    obj_cgroup_put(old);
    stock.cached_objcg = null;
  },
});
