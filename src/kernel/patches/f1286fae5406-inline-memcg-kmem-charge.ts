/**
 * f1286fae5406 ("mm: memcontrol: inline __memcg_kmem_{un}charge() into obj_cgroup_{un}charge_pages()"),
 * v5.13. No behaviour changes.
 *
 * @module
 */
import { css_put } from "../cgroup.ts";
import type { gfp_t } from "../errno.ts";
import { refill_stock, try_charge } from "../memcontrol.ts";
import type { obj_cgroup } from "../memcontrol-types.ts";
import { get_mem_cgroup_from_objcg } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "f1286fae5406",
  subject: "mm: memcontrol: inline __memcg_kmem_{un}charge() into obj_cgroup_{un}charge_pages()",
  version: "v5.13",
  needs: ["b4e0b68fbd9d", "e74d225910ec"],
}, {
  obj_cgroup_uncharge_pages(objcg: obj_cgroup, nr_pages: number): void {
    const memcg = get_mem_cgroup_from_objcg(objcg);
    refill_stock(memcg, nr_pages);
    css_put(memcg.css);
  },

  obj_cgroup_charge_pages(objcg: obj_cgroup, gfp: gfp_t, nr_pages: number): number {
    const memcg = get_mem_cgroup_from_objcg(objcg);
    const ret = try_charge(memcg, gfp, nr_pages);
    css_put(memcg.css);
    return ret;
  },
});
