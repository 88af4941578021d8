/** Planted: a stock that holds more than a page is not drained. */
import { xchg } from "../../../../src/machine/memory/access.ts";
import { drain_obj_stock, obj_cgroup_get } from "../../../../src/kernel/memcontrol-objcg.ts";
import {
  memcg_stock,
  memcg_stock_lock,
  type obj_cgroup,
  this_cpu_ptr,
} from "../../../../src/kernel/memcontrol-types.ts";
import { local_lock_irqsave, local_unlock_irqrestore } from "../../../../src/kernel/local_lock.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("overfull", "does not drain", {
  refill_obj_stock(objcg: obj_cgroup, nr_bytes: number): void {
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (stock.cached_objcg !== objcg) {
      drain_obj_stock(stock);
      obj_cgroup_get(objcg);
      stock.cached_objcg = objcg;
      stock.nr_bytes = xchg(objcg.$nr_charged_bytes, 0);
    }
    stock.nr_bytes += nr_bytes;
    local_unlock_irqrestore(memcg_stock_lock, flags);
  },
});
