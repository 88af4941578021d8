/**
 * What would mend B18 from v6.16 to v7.0; no commit of the kernel does. Whoever finds the stock locked
 * uncharges the pages that have come together among the parked bytes. It mends B17, too, since dccd5ee2625d
 * replaces the same function.
 *
 * @module
 */
import { atomic_add_return, xchg } from "../../machine/memory/access.ts";
import { type obj_cgroup, PAGE_SHIFT, PAGE_SIZE } from "../memcontrol-types.ts";
import { type Park, refill_obj_stock_with } from "./200577f69f29-objcg-stock-trylock.ts";
import type { Node } from "./bc730030f956-combine-charging-and-accounting.ts";
import { patch, retyped } from "./patch.ts";

/** Another context may park bytes between two steps, so each sum is looked at. */
export const park_less_than_a_page: Park = (objcg, nr_bytes) => {
  let nr_pages = nr_bytes >>> PAGE_SHIFT;
  let left = nr_bytes & (PAGE_SIZE - 1);
  while (left && atomic_add_return(left, objcg.$nr_charged_bytes) >= PAGE_SIZE) {
    const parked = xchg(objcg.$nr_charged_bytes, 0);
    nr_pages += parked >>> PAGE_SHIFT;
    left = parked & (PAGE_SIZE - 1);
  }
  return nr_pages;
};

export default patch("b18-pages-of-parked-bytes", "memcg: uncharge pages of parked bytes", {
  refill_obj_stock: retyped((
    objcg: obj_cgroup,
    nr_bytes: number,
    allow_uncharge: boolean,
    nr_acct: number,
    pgdat: Node,
    idx: number,
  ): void =>
    refill_obj_stock_with(
      objcg,
      nr_bytes,
      allow_uncharge,
      nr_acct,
      pgdat,
      idx,
      nr_acct,
      park_less_than_a_page,
    )
  ),
});
