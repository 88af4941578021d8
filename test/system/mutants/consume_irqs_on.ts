/**
 * A mutant of v5.9: consume_obj_stock() leaves interrupts on.
 *
 * @module
 */
import {
  memcg_stock,
  type obj_cgroup,
  this_cpu_ptr,
} from "../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../src/kernel/patches/patch.ts";
import { preempt_disable, preempt_enable } from "../../../src/kernel/preempt.ts";

export default patch("consume_irqs_on", "consume_obj_stock() with interrupts on", {
  consume_obj_stock(objcg: obj_cgroup, nr_bytes: number): boolean {
    let ret = false;
    preempt_disable();
    const stock = this_cpu_ptr(memcg_stock);
    if (objcg === stock.cached_objcg && stock.nr_bytes >= nr_bytes) {
      stock.nr_bytes -= nr_bytes;
      ret = true;
    }
    preempt_enable();
    return ret;
  },
});
