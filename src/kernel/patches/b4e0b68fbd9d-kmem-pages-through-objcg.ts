/**
 * b4e0b68fbd9d ("mm: memcontrol: use obj_cgroup APIs to charge kmem pages"), v5.13.
 *
 * A kernel page carries an objcg, with a reference, instead of a memcg: it is reparented with it, and
 * no page keeps a cgroup from being freed. (page->memcg_data with MEMCG_DATA_KMEM.)
 *
 * @module
 */
import type { gfp_t } from "../errno.ts";
import { get_obj_cgroup_from_current, obj_cgroup_put } from "../memcontrol-objcg.ts";
import "../memcontrol.ts";
import type { page } from "../memcontrol-types.ts";
import {
  obj_cgroup_charge_pages,
  obj_cgroup_uncharge_pages,
} from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "b4e0b68fbd9d",
  subject: "mm: memcontrol: use obj_cgroup APIs to charge kmem pages",
  version: "v5.13",
  needs: ["279c3393e2c1", "e74d225910ec"],
}, {
  __memcg_kmem_charge_page(page: page, gfp: gfp_t, order: number): number {
    const objcg = get_obj_cgroup_from_current();
    if (!objcg) return 0;
    const ret = obj_cgroup_charge_pages(objcg, gfp, 1 << order);
    if (!ret) {
      page.objcg = objcg;
      return 0;
    }
    obj_cgroup_put(objcg);
    return ret;
  },

  __memcg_kmem_uncharge_page(page: page, order: number): void {
    const objcg = page.objcg;
    if (!objcg) return;
    obj_cgroup_uncharge_pages(objcg, 1 << order);
    page.objcg = null;
    obj_cgroup_put(objcg);
  },
});
