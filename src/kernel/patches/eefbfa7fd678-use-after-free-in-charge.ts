/**
 * eefbfa7fd678 ("mm: memcg/slab: fix use after free in obj_cgroup_charge"), v5.11.
 *
 * css_tryget() in a loop: when it fails, the memcg has gone offline, so objcg->memcg has changed.
 *
 * @module
 */
import { css_put, css_tryget } from "../cgroup.ts";
import type { gfp_t } from "../errno.ts";
import { consume_obj_stock, obj_cgroup_memcg, refill_obj_stock } from "../memcontrol-objcg.ts";
import { __memcg_kmem_charge } from "../memcontrol.ts";
import { type mem_cgroup, type obj_cgroup, PAGE_SHIFT, PAGE_SIZE } from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "eefbfa7fd678",
  subject: "mm: memcg/slab: fix use after free in obj_cgroup_charge",
  version: "v5.11",
  fixes: ["S2"],
}, {
  obj_cgroup_charge(objcg: obj_cgroup, gfp: gfp_t, size: number): number {
    if (consume_obj_stock(objcg, size)) return 0;
    rcu_read_lock();
    let memcg: mem_cgroup;
    do memcg = obj_cgroup_memcg(objcg)!; while (!css_tryget(memcg.css));
    rcu_read_unlock();
    let nr_pages = size >>> PAGE_SHIFT;
    const nr_bytes = size & (PAGE_SIZE - 1);
    if (nr_bytes) nr_pages += 1;
    const ret = __memcg_kmem_charge(memcg, gfp, nr_pages);
    if (!ret && nr_bytes) refill_obj_stock(objcg, PAGE_SIZE - nr_bytes);
    css_put(memcg.css);
    return ret;
  },
});
