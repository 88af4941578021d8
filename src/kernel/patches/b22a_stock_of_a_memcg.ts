/**
 * B22a: version 1 of "memcg: cache obj_stock by memcg, not by objcg pointer" (d0211878ce06), for v7.1.
 *
 * The objcgs of a cgroup, of which there is one for each node, share the bytes of a stock. When the stock
 * is drained, all of them go to the objcg that it caches, whoever charged them. An objcg is released with
 * bytes that are no whole page, and the page is never uncharged. The cgroups are compared without RCU (B22b).
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { READ_ONCE } from "../../machine/memory/access.ts";
import { obj_cgroup_memcg } from "../memcontrol-objcg.ts";
import type { obj_cgroup, obj_stock_pcp } from "../memcontrol-types.ts";
import { cut_pages } from "./5387c90490f7-improve-refill-obj-stock.ts";
import { replace_stock_objcg } from "./ae51c775aa2b-put-inside-drain-obj-stock.ts";
import { refill_obj_stock_of } from "./52af721b9421-split-charges-and-statistics.ts";
import { draft } from "./patch.ts";

/** Whether two objcgs belong to one cgroup. */
export type Same = (cached: obj_cgroup, objcg: obj_cgroup) => boolean;

/**
 * Whose bytes a stock shares. No function of the kernel: sanitizers ask whether it is there, and then judge
 * the bytes of all objcgs of a cgroup together.
 */
export const stock_is_keyed_by_memcg = kernel("stock_is_keyed_by_memcg", (): void => {});

/** __consume_obj_stock() Context: the stock's lock. */
function consume_of_memcg(
  objcg: obj_cgroup,
  stock: obj_stock_pcp,
  nr_bytes: number,
  same: Same,
): boolean {
  const cached = READ_ONCE(stock.$cached_objcg);
  const shared = cached === objcg || (cached !== null && same(cached, objcg));
  if (!shared || stock.nr_bytes < nr_bytes) return false;
  stock.nr_bytes -= nr_bytes;
  return true;
}

/** The middle of __refill_obj_stock(): the pages that are left over. Context: the stock's lock. */
function refill_of_memcg(
  objcg: obj_cgroup,
  stock: obj_stock_pcp,
  nr_bytes: number,
  allow_uncharge: boolean,
  same: Same,
): number {
  const cached = READ_ONCE(stock.$cached_objcg);
  if (cached !== objcg && (!cached || !same(cached, objcg))) {
    replace_stock_objcg(stock, objcg);
    allow_uncharge = true;
  }
  stock.nr_bytes += nr_bytes;
  return allow_uncharge ? cut_pages(stock) : 0;
}

/** What puts bytes into a locked stock. */
type Refill = (objcg: obj_cgroup, stock: obj_stock_pcp, nr: number, allow: boolean) => number;

/** That of version 1, and of version 3. */
export const refilling = (same: Same): Refill => (objcg, stock, nr_bytes, allow_uncharge) =>
  refill_of_memcg(objcg, stock, nr_bytes, allow_uncharge, same);

/** The functions of a stock that is keyed by cgroup. */
export const keyed_by_memcg = (same: Same, refill: Refill) => ({
  __consume_obj_stock: (objcg: obj_cgroup, stock: obj_stock_pcp, nr_bytes: number): boolean =>
    consume_of_memcg(objcg, stock, nr_bytes, same),

  __refill_obj_stock: (
    objcg: obj_cgroup,
    stock: obj_stock_pcp | null,
    nr_bytes: number,
    allow: boolean,
  ): void => refill_obj_stock_of(objcg, stock, nr_bytes, allow, refill),
});

/** obj_cgroup_memcg(cached) == obj_cgroup_memcg(objcg) */
const same_memcg: Same = (cached, objcg) => obj_cgroup_memcg(cached) === obj_cgroup_memcg(objcg);

export default draft({
  bug: "b22a",
  subject: "memcg: cache obj_stock by memcg, not by objcg pointer (version 1)",
  link: "https://lore.kernel.org/r/20260515171953.2224503-1-shakeel.butt@linux.dev",
  version: "v7.1",
  needs: ["5387c90490f7", "52af721b9421", "ae51c775aa2b", "01b9da291c49"],
}, keyed_by_memcg(same_memcg, refilling(same_memcg)));
