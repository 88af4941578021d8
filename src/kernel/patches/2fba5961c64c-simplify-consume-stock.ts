/**
 * 2fba5961c64c ("memcg: simplify consume_stock"), v6.16.
 *
 * consume_stock() never waits for the lock, whoever calls it.
 *
 * @module
 */
import { type mem_cgroup, MEMCG_CHARGE_BATCH } from "../memcontrol-types.ts";
import type { gfp_t } from "../errno.ts";
import { consume_stock } from "../memcontrol.ts";
import { local_trylock_irqsave, local_unlock_irqrestore } from "../spinlock.ts";
import { try_charge_any_context } from "./01d37228d331-trylock-of-the-stock.ts";
import { stock_lock } from "./567511462387-local-lock.ts";
import { commit } from "./patch.ts";
import { consume_slot } from "./f735eebe55f8-multi-memcg-charge-cache.ts";

export default commit({
  commit: "2fba5961c64c",
  subject: "memcg: simplify consume_stock",
  version: "v6.16",
  needs: ["01d37228d331", "567511462387", "f735eebe55f8"],
}, {
  consume_stock(memcg: mem_cgroup, nr_pages: number): boolean {
    if (nr_pages > MEMCG_CHARGE_BATCH) return false;
    const flags = local_trylock_irqsave(stock_lock);
    if (flags === null) return false;
    const ret = consume_slot(memcg, nr_pages);
    local_unlock_irqrestore(stock_lock, flags);
    return ret;
  },

  try_charge_memcg: (memcg: mem_cgroup, gfp_mask: gfp_t, nr_pages: number): number =>
    try_charge_any_context(consume_stock, memcg, gfp_mask, nr_pages),
});
