/**
 * 0764db9b49c9 ("mm: memcg: synchronize objcg lists with a dedicated spinlock"), v5.17.
 *
 * objcg_lock keeps the lists instead of css_set_lock, which others hold while they take a siglock.
 *
 * @module
 */
import { container_of } from "../../machine/memory/struct.ts";
import { list_del } from "../list.ts";
import { type mem_cgroup, obj_cgroup } from "../memcontrol-types.ts";
import { type percpu_ref, percpu_ref_exit } from "../percpu-refcount.ts";
import { kfree_rcu } from "../rcu.ts";
import { DEFINE_SPINLOCK, spin_lock_irqsave, spin_unlock_irqrestore } from "../spinlock.ts";
import { parked_pages, reparent } from "./9838354e16a2-objcg-pinning-memcg.ts";
import { obj_cgroup_uncharge_pages } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

export const objcg_lock = DEFINE_SPINLOCK("objcg_lock");

export default commit({
  commit: "0764db9b49c9",
  subject: "mm: memcg: synchronize objcg lists with a dedicated spinlock",
  version: "v5.17",
  fixes: ["S9"],
  needs: ["271dd6b1f636", "9838354e16a2", "e74d225910ec"],
}, {
  memcg_reparent_objcgs: (memcg: mem_cgroup, parent: mem_cgroup): void =>
    reparent(memcg, parent, objcg_lock),

  obj_cgroup_release(ref: percpu_ref): void {
    const objcg = container_of(ref, obj_cgroup);
    const nr_pages = parked_pages(objcg);
    if (nr_pages) obj_cgroup_uncharge_pages(objcg, nr_pages);
    const flags = spin_lock_irqsave(objcg_lock);
    list_del(objcg.list);
    spin_unlock_irqrestore(objcg_lock, flags);
    percpu_ref_exit(ref);
    kfree_rcu(objcg.rcu);
  },
});
