/**
 * 3b8abb323953 ("mm: kmem: fix a NULL pointer dereference in obj_stock_flush_required()"), v6.5, as a
 * backport to v5.9.
 *
 * Who looks at the stock of another CPU loads cached_objcg once. The commit also marks the stores of
 * that CPU, which makes a difference to KCSAN only. The backport leaves them plain.
 *
 * @module
 */
import { READ_ONCE } from "../../machine/memory/access.ts";
import { obj_cgroup_memcg } from "../memcontrol-objcg.ts";
import { mem_cgroup_is_descendant } from "../memcontrol.ts";
import type { mem_cgroup, memcg_stock_pcp } from "../memcontrol-types.ts";
import { patch } from "./patch.ts";

export default patch(
  "3b8abb323953",
  "mm: kmem: fix a NULL pointer dereference in obj_stock_flush_required()",
  {
    obj_stock_flush_required(stock: memcg_stock_pcp, root_memcg: mem_cgroup): boolean {
      const objcg = READ_ONCE(stock.$cached_objcg);
      if (objcg) {
        const memcg = obj_cgroup_memcg(objcg);
        if (memcg && mem_cgroup_is_descendant(memcg, root_memcg)) return true;
      }
      return false;
    },
  },
);
