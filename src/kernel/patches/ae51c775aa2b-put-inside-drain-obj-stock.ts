/**
 * ae51c775aa2b ("memcg: do obj_cgroup_put inside drain_obj_stock"), v6.16.
 *
 * drain_obj_stock() puts the objcg itself again, now that a release does not want the stock. It clears
 * the slot first.
 *
 * @module
 */
import { clear_bit, READ_ONCE, WRITE_ONCE } from "../../machine/memory/access.ts";
import { drain_obj_stock, obj_cgroup_get, obj_cgroup_put } from "../memcontrol-objcg.ts";
import { drain_stock } from "../memcontrol.ts";
import {
  FLUSHING_CACHED_CHARGE,
  memcg_stock,
  type obj_cgroup,
  type obj_stock,
  this_cpu_ptr,
} from "../memcontrol-types.ts";

import { local_lock_irqsave, local_unlock_irqrestore } from "../spinlock.ts";
import type { pglist_data } from "../vmstat.ts";
import { cut_pages, take_charged_bytes } from "./5387c90490f7-improve-refill-obj-stock.ts";
import { stock_lock } from "./567511462387-local-lock.ts";
import {
  cache_stat,
  drain_bytes_and_stats,
  flush_stats,
} from "./68ac5b3c8db2-cache-vmstat-in-stock.ts";
import { uncharge_pages_directly } from "./89f342af6603-memcg-uncharge.ts";
import { obj_cgroup_uncharge_pages } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

/** replace_stock_objcg(), in line since ac26920d5822 (v6.16). Context: the stock's lock. */
export function replace_stock_objcg(stock: obj_stock, objcg: obj_cgroup): void {
  drain_obj_stock(stock);
  obj_cgroup_get(objcg);
  stock.nr_bytes = take_charged_bytes(objcg);
  WRITE_ONCE(stock.$cached_objcg, objcg);
}

export default commit({
  commit: "ae51c775aa2b",
  subject: "memcg: do obj_cgroup_put inside drain_obj_stock",
  version: "v6.16",
  needs: ["5387c90490f7", "567511462387", "68ac5b3c8db2", "89f342af6603", "b6d0471117da"]
    .concat("9f01b4954490", "e74d225910ec"),
}, {
  mod_objcg_state(objcg: obj_cgroup, pgdat: pglist_data, idx: number, nr: number): void {
    const flags = local_lock_irqsave(stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (READ_ONCE(stock.$cached_objcg) !== objcg) {
      replace_stock_objcg(stock, objcg);
      stock.cached_pgdat = pgdat;
    } else if (stock.cached_pgdat !== pgdat) {
      flush_stats(stock, objcg, stock.cached_pgdat!);
      stock.cached_pgdat = pgdat;
    }
    cache_stat(stock, objcg, pgdat, idx, nr);
    local_unlock_irqrestore(stock_lock, flags);
  },

  drain_obj_stock(stock: obj_stock): void {
    const old = READ_ONCE(stock.$cached_objcg);
    if (!old) return;
    drain_bytes_and_stats(stock, old, uncharge_pages_directly);
    WRITE_ONCE(stock.$cached_objcg, null);
    obj_cgroup_put(old);
  },

  refill_obj_stock(objcg: obj_cgroup, nr_bytes: number, allow_uncharge: boolean): void {
    const flags = local_lock_irqsave(stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (READ_ONCE(stock.$cached_objcg) !== objcg) { // reset if necessary
      replace_stock_objcg(stock, objcg);
      allow_uncharge = true;
    }
    stock.nr_bytes += nr_bytes;
    const nr_pages = allow_uncharge ? cut_pages(stock) : 0;
    local_unlock_irqrestore(stock_lock, flags);
    if (nr_pages) obj_cgroup_uncharge_pages(objcg, nr_pages);
  },

  drain_local_stock(_dummy: unknown): void {
    const flags = local_lock_irqsave(stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    drain_obj_stock(stock);
    drain_stock(stock);
    clear_bit(FLUSHING_CACHED_CHARGE, stock.$flags);
    local_unlock_irqrestore(stock_lock, flags);
  },

  memcg_hotplug_cpu_dead(cpu: number): number {
    const stock = memcg_stock[cpu];
    const flags = local_lock_irqsave(stock_lock);
    drain_obj_stock(stock);
    local_unlock_irqrestore(stock_lock, flags);
    drain_stock(stock);
    return 0;
  },
});
