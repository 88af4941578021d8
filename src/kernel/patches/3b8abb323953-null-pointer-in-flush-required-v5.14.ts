/**
 * 3b8abb323953 ("mm: kmem: fix a NULL pointer dereference in obj_stock_flush_required()"), v6.5, as a
 * backport to v5.14 and v5.17, in which tasks have an object stock of their own.
 *
 * Who looks at a stock of another CPU loads cached_objcg once. As in the backport to v5.9, the stores of
 * that CPU stay plain.
 *
 * @module
 */
import { READ_ONCE } from "../../machine/memory/access.ts";
import { obj_cgroup_memcg } from "../memcontrol-objcg.ts";
import { mem_cgroup_is_descendant } from "../memcontrol.ts";
import type { mem_cgroup, memcg_stock_pcp, obj_stock } from "../memcontrol-types.ts";
import { in_task } from "./559271146efc-object-stock-of-tasks.ts";
import { patch } from "./patch.ts";

/** Whether a stock, of any CPU, caches an objcg of the subtree: one load of the pointer. */
function caches_subtree(stock: obj_stock, root_memcg: mem_cgroup): boolean {
  const objcg = READ_ONCE(stock.$cached_objcg);
  if (!objcg) return false;
  const memcg = obj_cgroup_memcg(objcg);
  return memcg !== null && mem_cgroup_is_descendant(memcg, root_memcg);
}

export default patch(
  "3b8abb323953",
  "mm: kmem: fix a NULL pointer dereference in obj_stock_flush_required()",
  {
    obj_stock_flush_required(stock: memcg_stock_pcp, root_memcg: mem_cgroup): boolean {
      if (in_task() && caches_subtree(stock.task_obj, root_memcg)) return true;
      return caches_subtree(stock.irq_obj, root_memcg);
    },
  },
);
