/**
 * 89f342af6603 ("memcg: introduce memcg_uncharge"), v6.16. No behaviour changes.
 *
 * @module
 */
import { READ_ONCE, WRITE_ONCE } from "../../machine/memory/access.ts";
import { kernel } from "../../machine/calls/registry.ts";
import { css_put } from "../cgroup.ts";
import { mem_cgroup_is_root } from "../memcontrol.ts";
import type { mem_cgroup, memcg_stock_pcp, obj_cgroup, obj_stock } from "../memcontrol-types.ts";
import { page_counter_uncharge } from "../page_counter.ts";
import { drain_bytes_and_stats } from "./68ac5b3c8db2-cache-vmstat-in-stock.ts";
import { get_mem_cgroup_from_objcg } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

/** memcg_uncharge(): from the counters, past the stock. Context: any. */
export const memcg_uncharge = kernel(
  "memcg_uncharge",
  (memcg: mem_cgroup, nr_pages: number): void => page_counter_uncharge(memcg.memory, nr_pages),
  { inline: true },
);

/** Uncharge pages of an objcg past the stock. Part of drain_obj_stock() and obj_cgroup_release(). */
export function uncharge_pages_directly(objcg: obj_cgroup, nr_pages: number): void {
  const memcg = get_mem_cgroup_from_objcg(objcg);
  if (!mem_cgroup_is_root(memcg)) memcg_uncharge(memcg, nr_pages);
  css_put(memcg.css);
}

export default commit({
  commit: "89f342af6603",
  subject: "memcg: introduce memcg_uncharge",
  version: "v6.16",
  needs: ["1872b3bcd587", "65d2d15f41c6", "68ac5b3c8db2", "e74d225910ec"],
  adds: ["memcg_uncharge"],
}, {
  drain_stock(stock: memcg_stock_pcp): void {
    const stock_pages = READ_ONCE(stock.$nr_pages);
    const old = READ_ONCE(stock.$cached);
    if (!old) return;
    if (stock_pages) {
      memcg_uncharge(old, stock_pages);
      WRITE_ONCE(stock.$nr_pages, 0);
    }
    css_put(old.css);
    WRITE_ONCE(stock.$cached, null);
  },

  drain_obj_stock(stock: obj_stock): obj_cgroup | null {
    const old = READ_ONCE(stock.$cached_objcg);
    if (!old) return null;
    drain_bytes_and_stats(stock, old, uncharge_pages_directly);
    WRITE_ONCE(stock.$cached_objcg, null);
    return old;
  },
});
