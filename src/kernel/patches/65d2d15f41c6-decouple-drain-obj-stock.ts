/**
 * 65d2d15f41c6 ("memcg: decouple drain_obj_stock from local stock"), v6.16.
 *
 * Draining an object stock uncharges its pages at once, unless they are the root's. So it touches no
 * page stock.
 *
 * @module
 */
import { READ_ONCE, WRITE_ONCE } from "../../machine/memory/access.ts";
import { css_put } from "../cgroup.ts";
import { mem_cgroup_is_root } from "../memcontrol.ts";
import type { obj_cgroup, obj_stock } from "../memcontrol-types.ts";
import { page_counter_uncharge } from "../page_counter.ts";
import { drain_bytes_and_stats } from "./68ac5b3c8db2-cache-vmstat-in-stock.ts";
import { get_mem_cgroup_from_objcg } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

function uncharge_at_once(objcg: obj_cgroup, nr_pages: number): void {
  const memcg = get_mem_cgroup_from_objcg(objcg);
  if (!mem_cgroup_is_root(memcg)) page_counter_uncharge(memcg.memory, nr_pages);
  css_put(memcg.css);
}

export default commit({
  commit: "65d2d15f41c6",
  subject: "memcg: decouple drain_obj_stock from local stock",
  version: "v6.16",
  needs: ["20d6c1725228", "3b8abb323953", "68ac5b3c8db2", "e74d225910ec"],
}, {
  drain_obj_stock(stock: obj_stock): obj_cgroup | null {
    const old = READ_ONCE(stock.$cached_objcg);
    if (!old) return null;
    drain_bytes_and_stats(stock, old, uncharge_at_once);
    WRITE_ONCE(stock.$cached_objcg, null);
    return old;
  },
});
