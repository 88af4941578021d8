/**
 * A mutant of v5.9: refill_obj_stock() keeps an objcg in the stock without a reference of its own.
 *
 * @module
 */
import { xchg } from "../../../src/machine/memory/access.ts";
import { obj_cgroup_put } from "../../../src/kernel/memcontrol-objcg.ts";
import { prototype } from "../../../src/machine/calls/prototype.ts";
import {
  memcg_stock,
  memcg_stock_lock,
  type memcg_stock_pcp,
  type obj_cgroup,
  PAGE_SIZE,
  this_cpu_ptr,
} from "../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../src/kernel/patches/patch.ts";
import { local_lock_irqsave, local_unlock_irqrestore } from "../../../src/kernel/spinlock.ts";

const drain_obj_stock = prototype<(stock: memcg_stock_pcp) => obj_cgroup | null>(
  "drain_obj_stock",
  1,
);

export default patch("missing_get", "no obj_cgroup_get() in refill_obj_stock()", {
  refill_obj_stock(objcg: obj_cgroup, nr_bytes: number): void {
    let old: obj_cgroup | null = null;
    let full: obj_cgroup | null = null;
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (stock.cached_objcg !== objcg) {
      old = drain_obj_stock(stock);
      stock.cached_objcg = objcg;
      stock.nr_bytes = xchg(objcg.$nr_charged_bytes, 0);
    }
    stock.nr_bytes += nr_bytes;
    if (stock.nr_bytes > PAGE_SIZE) full = drain_obj_stock(stock);
    local_unlock_irqrestore(memcg_stock_lock, flags);
    if (old) obj_cgroup_put(old);
    if (full) obj_cgroup_put(full);
  },
});
