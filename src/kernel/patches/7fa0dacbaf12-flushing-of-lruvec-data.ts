/**
 * 7fa0dacbaf12 ("mm/memcg: fix incorrect flushing of lruvec data in obj_stock"), v5.14, -rc5.
 *
 * Statistics are passed on to the node that they are of.
 *
 * @module
 */
import type { obj_cgroup, obj_stock } from "../memcontrol-types.ts";
import type { pglist_data } from "../vmstat.ts";
import { mod_state } from "./559271146efc-object-stock-of-tasks.ts";
import { commit } from "./patch.ts";

const toTheOldOne = (stock: obj_stock) => stock.cached_pgdat!;

export default commit({
  commit: "7fa0dacbaf12",
  subject: "mm/memcg: fix incorrect flushing of lruvec data in obj_stock",
  version: "v5.14",
  fixes: ["B6"],
  needs: ["559271146efc"],
}, {
  mod_objcg_state: (objcg: obj_cgroup, pgdat: pglist_data, idx: number, nr: number): void =>
    mod_state(objcg, pgdat, idx, nr, toTheOldOne),
});
