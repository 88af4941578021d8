/**
 * 200577f69f29 ("memcg: objcg stock trylock without irq disabling"), v6.16.
 *
 * Interrupts stay on in the object stock, too. One that finds it locked charges pages and parks what is
 * left over at the objcg. It passes those bytes on to the statistics instead of the object's (B17), and
 * nobody takes parked bytes back while the objcg stays in all stocks (B18).
 *
 * @module
 */
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { atomic_add, clear_bit } from "../../machine/memory/access.ts";
import { drain_obj_stock } from "../memcontrol-objcg.ts";
import {
  FLUSHING_CACHED_CHARGE,
  type obj_cgroup,
  obj_stock,
  PAGE_SHIFT,
  PAGE_SIZE,
  this_cpu_ptr,
} from "../memcontrol-types.ts";

import { in_task, local_lock, local_trylock, local_unlock } from "../spinlock.ts";
import { obj_lock } from "./3523dd7af413-lock-of-the-object-stock.ts";
import { mod_objcg_mlstate } from "./68ac5b3c8db2-cache-vmstat-in-stock.ts";
import {
  consume_from,
  type Node,
  refill_into,
} from "./bc730030f956-combine-charging-and-accounting.ts";
import { obj_cgroup_uncharge_pages } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

/** What is done with bytes that find the stock locked: the pages that are left over. */
export type Park = (objcg: obj_cgroup, nr_bytes: number) => number;

/** As the kernel does: bytes that are no page are parked at the objcg. Context: any. */
export const park_bytes: Park = (objcg, nr_bytes) => {
  atomic_add(nr_bytes & (PAGE_SIZE - 1), objcg.$nr_charged_bytes);
  return nr_bytes >>> PAGE_SHIFT;
};

/** The body of refill_obj_stock(); `nr_contended` goes to the statistics if the stock is locked. */
export function refill_obj_stock_with(
  objcg: obj_cgroup,
  nr_bytes: number,
  allow_uncharge: boolean,
  nr_acct: number,
  pgdat: Node,
  idx: number,
  nr_contended: number,
  park: Park = park_bytes,
): void {
  let nr_pages: number;
  if (local_trylock(obj_lock)) {
    const stock = this_cpu_ptr(obj_stock);
    nr_pages = refill_into(stock, objcg, nr_bytes, allow_uncharge, nr_acct, pgdat, idx);
    local_unlock(obj_lock);
  } else {
    if (pgdat) mod_objcg_mlstate(objcg, pgdat, idx, nr_contended);
    nr_pages = park(objcg, nr_bytes);
  }
  if (nr_pages) obj_cgroup_uncharge_pages(objcg, nr_pages);
}

export default commit({
  commit: "200577f69f29",
  subject: "memcg: objcg stock trylock without irq disabling",
  version: "v6.16",
  brings: ["B17", "B18"],
  needs: ["3523dd7af413", "68ac5b3c8db2", "bc730030f956", "c80509ef65e4"]
    .concat("e74d225910ec"),
}, {
  drain_local_obj_stock(_dummy: unknown): void {
    WARN_ON_ONCE(!in_task(), "drain in non-task context");
    local_lock(obj_lock);
    const stock = this_cpu_ptr(obj_stock);
    drain_obj_stock(stock);
    clear_bit(FLUSHING_CACHED_CHARGE, stock.$flags);
    local_unlock(obj_lock);
  },

  consume_obj_stock(objcg: obj_cgroup, nr_bytes: number, pgdat: Node, idx: number): boolean {
    if (!local_trylock(obj_lock)) return false;
    const ret = consume_from(this_cpu_ptr(obj_stock), objcg, nr_bytes, pgdat, idx);
    local_unlock(obj_lock);
    return ret;
  },

  refill_obj_stock: (
    objcg: obj_cgroup,
    nr_bytes: number,
    allow_uncharge: boolean,
    nr_acct: number,
    pgdat: Node,
    idx: number,
  ): void => refill_obj_stock_with(objcg, nr_bytes, allow_uncharge, nr_acct, pgdat, idx, nr_bytes),
});
