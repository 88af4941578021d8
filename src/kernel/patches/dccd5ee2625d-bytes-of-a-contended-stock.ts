/**
 * dccd5ee2625d ("memcg: fix slab accounting in refill_obj_stock() trylock path"), v7.0.
 *
 * @module
 */
import type { obj_cgroup } from "../memcontrol-types.ts";
import { refill_obj_stock_with } from "./200577f69f29-objcg-stock-trylock.ts";
import type { Node } from "./bc730030f956-combine-charging-and-accounting.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "dccd5ee2625d",
  subject: "memcg: fix slab accounting in refill_obj_stock() trylock path",
  version: "v7.0",
  fixes: ["B17"],
  needs: ["200577f69f29", "bc730030f956"],
}, {
  refill_obj_stock: (
    objcg: obj_cgroup,
    nr_bytes: number,
    allow_uncharge: boolean,
    nr_acct: number,
    pgdat: Node,
    idx: number,
  ): void => refill_obj_stock_with(objcg, nr_bytes, allow_uncharge, nr_acct, pgdat, idx, nr_acct),
});
