/**
 * The fix of B16: the pointer is loaded inside of the RCU section, as the object stock of about v7.2 does,
 * which caches several objcgs.
 *
 * @module
 */
import { READ_ONCE } from "../../machine/memory/access.ts";
import { obj_cgroup_memcg } from "../memcontrol-objcg.ts";
import { mem_cgroup_is_descendant } from "../memcontrol.ts";
import type { mem_cgroup, obj_stock_pcp } from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import { patch } from "./patch.ts";

export default patch("b16-load-inside-rcu", "memcg: look at cached_objcg inside of RCU", {
  obj_stock_flush_required(stock: obj_stock_pcp, root_memcg: mem_cgroup): boolean {
    let flush = false;
    rcu_read_lock();
    const objcg = READ_ONCE(stock.$cached_objcg);
    if (objcg) {
      const memcg = obj_cgroup_memcg(objcg);
      if (memcg && mem_cgroup_is_descendant(memcg, root_memcg)) flush = true;
    }
    rcu_read_unlock();
    return flush;
  },
});
