/**
 * 9e619cd4fefd ("memcg: no irq disable for memcg stock lock"), v6.16.
 *
 * Interrupts stay on in the page stock; one that finds it locked does without.
 *
 * @module
 */
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { clear_bit } from "../../machine/memory/access.ts";
import { mem_cgroup_is_root } from "../memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  type mem_cgroup,
  MEMCG_CHARGE_BATCH,
  memcg_stock,
  type memcg_stock_pcp,
  this_cpu_ptr,
} from "../memcontrol-types.ts";

import { in_task, local_lock, local_trylock, local_unlock } from "../spinlock.ts";
import { memcg_lock } from "./3523dd7af413-lock-of-the-object-stock.ts";
import { memcg_uncharge } from "./89f342af6603-memcg-uncharge.ts";
import {
  consume_slot,
  drain_stock_fully,
  random_slot,
  refill_slot,
} from "./f735eebe55f8-multi-memcg-charge-cache.ts";
import { commit } from "./patch.ts";

/** The body of refill_stock(), with the choice of a victim. */
export function refill_stock_with(
  memcg: mem_cgroup,
  nr_pages: number,
  victim: (stock: memcg_stock_pcp) => number,
): void {
  WARN_ON_ONCE(mem_cgroup_is_root(memcg)); // VM_WARN_ON_ONCE()
  if (nr_pages > MEMCG_CHARGE_BATCH || !local_trylock(memcg_lock)) {
    memcg_uncharge(memcg, nr_pages);
    return;
  }
  refill_slot(memcg, nr_pages, victim);
  local_unlock(memcg_lock);
}

export default commit({
  commit: "9e619cd4fefd",
  subject: "memcg: no irq disable for memcg stock lock",
  version: "v6.16",
  needs: ["3523dd7af413", "89f342af6603", "c80509ef65e4", "f735eebe55f8"],
}, {
  consume_stock(memcg: mem_cgroup, nr_pages: number): boolean {
    if (nr_pages > MEMCG_CHARGE_BATCH || !local_trylock(memcg_lock)) return false;
    const ret = consume_slot(memcg, nr_pages);
    local_unlock(memcg_lock);
    return ret;
  },

  drain_local_memcg_stock(_dummy: unknown): void {
    WARN_ON_ONCE(!in_task(), "drain in non-task context");
    local_lock(memcg_lock);
    const stock = this_cpu_ptr(memcg_stock);
    drain_stock_fully(stock);
    clear_bit(FLUSHING_CACHED_CHARGE, stock.$flags);
    local_unlock(memcg_lock);
  },

  refill_stock: (memcg: mem_cgroup, nr_pages: number): void =>
    refill_stock_with(memcg, nr_pages, random_slot),
});
