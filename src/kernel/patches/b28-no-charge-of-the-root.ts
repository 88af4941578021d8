/**
 * The fix of B28 as v7.2 has it; its commit is not known here. The root is not charged, as it is not
 * uncharged since 20d6c1725228 (v6.15).
 *
 * @module
 */
import { css_put } from "../cgroup.ts";
import type { gfp_t } from "../errno.ts";
import { try_charge } from "../memcontrol.ts";
import type { obj_cgroup } from "../memcontrol-types.ts";
import { get_mem_cgroup_from_objcg } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { patch } from "./patch.ts";

export default patch("b28-no-charge-of-the-root", "memcg: charge no root through an objcg", {
  obj_cgroup_charge_pages(objcg: obj_cgroup, gfp: gfp_t, nr_pages: number): number {
    const memcg = get_mem_cgroup_from_objcg(objcg);
    const ret = try_charge(memcg, gfp, nr_pages); // try_charge_memcg(), unless it is the root
    css_put(memcg.css);
    return ret;
  },
});
