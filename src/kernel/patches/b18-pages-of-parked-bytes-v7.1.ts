/**
 * What would mend B18 in v7.1; no commit of the kernel does. It leaves alone what a stock does that could be
 * locked, so it fits drafts of later stocks, too.
 *
 * @module
 */
import type { obj_cgroup, obj_stock_pcp } from "../memcontrol-types.ts";
import { refill_locked, refill_obj_stock_of } from "./52af721b9421-split-charges-and-statistics.ts";
import { park_less_than_a_page } from "./b18-pages-of-parked-bytes.ts";
import { around, patch } from "./patch.ts";

export default patch("b18-pages-of-parked-bytes", "memcg: uncharge pages of parked bytes", {
  __refill_obj_stock: around((original) =>
  (
    objcg: obj_cgroup,
    stock: obj_stock_pcp | null,
    nr_bytes: number,
    allow: boolean,
  ): void => {
    if (stock) original(objcg, stock, nr_bytes, allow);
    else refill_obj_stock_of(objcg, null, nr_bytes, allow, refill_locked, park_less_than_a_page);
  }),
});
