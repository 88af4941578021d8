/** Planted: draining forgets the objcg stock, and says that it is done. */
import { clear_bit } from "../../../../src/machine/memory/access.ts";
import { drain_stock } from "../../../../src/kernel/memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  memcg_stock,
  memcg_stock_lock,
  this_cpu_ptr,
} from "../../../../src/kernel/memcontrol-types.ts";
import { local_lock_irqsave, local_unlock_irqrestore } from "../../../../src/kernel/local_lock.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("drain_half", "forgets drain_obj_stock()", {
  drain_local_stock(_dummy: unknown): void {
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    drain_stock(stock);
    clear_bit(FLUSHING_CACHED_CHARGE, stock.$flags);
    local_unlock_irqrestore(memcg_stock_lock, flags);
  },
});
