/**
 * e56fa8f5e108 ("memcg: remove root memcg check from refill_stock"), v6.16.
 *
 * refill_stock() warns if it is given the root (CONFIG_DEBUG_VM). try_charge_memcg() does so for a
 * charge through an objcg that was reparented to the root (B28).
 *
 * @module
 */
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { mem_cgroup_is_root } from "../memcontrol.ts";
import type { mem_cgroup } from "../memcontrol-types.ts";
import { page_counter_uncharge } from "../page_counter.ts";
import { local_trylock_irqsave, local_unlock_irqrestore } from "../spinlock.ts";
import { stock_lock } from "./567511462387-local-lock.ts";
import { __refill_stock } from "./af9a3b69e84b-opencode-uncharge-pages.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "e56fa8f5e108",
  subject: "memcg: remove root memcg check from refill_stock",
  version: "v6.16",
  needs: ["01d37228d331", "20d6c1725228", "567511462387", "af9a3b69e84b"],
}, {
  refill_stock(memcg: mem_cgroup, nr_pages: number): void {
    WARN_ON_ONCE(mem_cgroup_is_root(memcg)); // VM_WARN_ON_ONCE()
    const flags = local_trylock_irqsave(stock_lock);
    if (flags === null) { // unlikely
      page_counter_uncharge(memcg.memory, nr_pages);
      return;
    }
    __refill_stock(memcg, nr_pages);
    local_unlock_irqrestore(stock_lock, flags);
  },
});
