/** Planted: draining does not clear the mark that a drain is queued. */
import { drain_obj_stock } from "../../../../src/kernel/memcontrol-objcg.ts";
import { drain_stock } from "../../../../src/kernel/memcontrol.ts";
import {
  memcg_stock,
  memcg_stock_lock,
  this_cpu_ptr,
} from "../../../../src/kernel/memcontrol-types.ts";
import { local_lock_irqsave, local_unlock_irqrestore } from "../../../../src/kernel/local_lock.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("stay_flushing", "forgets clear_bit()", {
  drain_local_stock(_dummy: unknown): void {
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    drain_obj_stock(stock);
    drain_stock(stock);
    local_unlock_irqrestore(memcg_stock_lock, flags);
  },
});
