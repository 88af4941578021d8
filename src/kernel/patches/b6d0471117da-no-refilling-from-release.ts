/**
 * b6d0471117da ("memcg: no refilling stock from obj_cgroup_release"), v6.16.
 *
 * A released objcg uncharges its pages past the stock, so whoever drops the last reference may hold
 * the stock's lock.
 *
 * @module
 */
import { container_of } from "../../machine/memory/struct.ts";
import { list_del } from "../list.ts";
import { obj_cgroup } from "../memcontrol-types.ts";
import { type percpu_ref, percpu_ref_exit } from "../percpu-refcount.ts";
import { kfree_rcu } from "../rcu.ts";
import { spin_lock_irqsave, spin_unlock_irqrestore } from "../spinlock.ts";
import { objcg_lock } from "./0764db9b49c9-objcg-lock.ts";
import { uncharge_pages_directly } from "./89f342af6603-memcg-uncharge.ts";
import { parked_pages } from "./9838354e16a2-objcg-pinning-memcg.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "b6d0471117da",
  subject: "memcg: no refilling stock from obj_cgroup_release",
  version: "v6.16",
  needs: ["0764db9b49c9", "89f342af6603", "9838354e16a2"],
}, {
  obj_cgroup_release(ref: percpu_ref): void {
    const objcg = container_of(ref, obj_cgroup);
    const nr_pages = parked_pages(objcg);
    if (nr_pages) uncharge_pages_directly(objcg, nr_pages);
    const flags = spin_lock_irqsave(objcg_lock);
    list_del(objcg.list);
    spin_unlock_irqrestore(objcg_lock, flags);
    percpu_ref_exit(ref);
    kfree_rcu(objcg.rcu);
  },
});
