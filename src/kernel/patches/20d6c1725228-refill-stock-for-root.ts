/**
 * 20d6c1725228 ("memcg: avoid refill_stock for root memcg"), v6.15.
 *
 * Uncharging pages skips the root, on the grounds that nobody charges it. Whoever charges through an
 * objcg that was reparented to the root does (B28).
 *
 * @module
 */
import { css_put } from "../cgroup.ts";
import { mem_cgroup_is_root, refill_stock } from "../memcontrol.ts";
import type { obj_cgroup } from "../memcontrol-types.ts";
import { get_mem_cgroup_from_objcg } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "20d6c1725228",
  subject: "memcg: avoid refill_stock for root memcg",
  version: "v6.15",
  brings: ["B28"],
  needs: ["c5c8b16b596e", "e74d225910ec", "f1286fae5406"],
}, {
  obj_cgroup_uncharge_pages(objcg: obj_cgroup, nr_pages: number): void {
    const memcg = get_mem_cgroup_from_objcg(objcg);
    if (!mem_cgroup_is_root(memcg)) refill_stock(memcg, nr_pages);
    css_put(memcg.css);
  },
});
