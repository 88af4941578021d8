/**
 * 271dd6b1f636 ("mm: memcontrol: move obj_cgroup_uncharge_pages() out of css_set_lock"), v5.14.
 *
 * @module
 */
import { container_of } from "../../machine/memory/struct.ts";
import { css_set_lock } from "../cgroup.ts";
import { list_del } from "../list.ts";
import { obj_cgroup } from "../memcontrol-types.ts";
import { type percpu_ref, percpu_ref_exit } from "../percpu-refcount.ts";
import { kfree_rcu } from "../rcu.ts";
import { spin_lock_irqsave, spin_unlock_irqrestore } from "../spinlock.ts";
import { parked_pages } from "./9838354e16a2-objcg-pinning-memcg.ts";
import { obj_cgroup_uncharge_pages } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "271dd6b1f636",
  subject: "mm: memcontrol: move obj_cgroup_uncharge_pages() out of css_set_lock",
  version: "v5.14",
  needs: ["9838354e16a2", "e74d225910ec"],
}, {
  obj_cgroup_release(ref: percpu_ref): void {
    const objcg = container_of(ref, obj_cgroup);
    const nr_pages = parked_pages(objcg);
    if (nr_pages) obj_cgroup_uncharge_pages(objcg, nr_pages);
    const flags = spin_lock_irqsave(css_set_lock);
    list_del(objcg.list);
    spin_unlock_irqrestore(css_set_lock, flags);
    percpu_ref_exit(ref);
    kfree_rcu(objcg.rcu);
  },
});
