/**
 * 9838354e16a2 ("mm: memcontrol: simplify the logic of objcg pinning memcg"), v5.14.
 *
 * An objcg holds no css reference: css_set_lock keeps release and reparenting apart, and everybody else
 * looks the memcg up under RCU and takes a reference that can fail.
 *
 * @module
 */
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { atomic_read, WRITE_ONCE } from "../../machine/memory/access.ts";
import { container_of } from "../../machine/memory/struct.ts";
import { css_set_lock } from "../cgroup.ts";
import { list_add, list_del, list_splice } from "../list.ts";
import { type mem_cgroup, obj_cgroup, PAGE_SHIFT, PAGE_SIZE } from "../memcontrol-types.ts";
import { type percpu_ref, percpu_ref_exit, percpu_ref_kill } from "../percpu-refcount.ts";
import { kfree_rcu, rcu_replace_pointer } from "../rcu.ts";
import {
  spin_lock_irq,
  spin_lock_irqsave,
  spin_unlock_irq,
  spin_unlock_irqrestore,
  type spinlock_t,
} from "../spinlock.ts";
import { obj_cgroup_uncharge_pages } from "./e74d225910ec-obj-cgroup-charge-pages.ts";
import { commit } from "./patch.ts";

/** Pages that are parked on an objcg which is released. The beginning of obj_cgroup_release(). */
export function parked_pages(objcg: obj_cgroup): number {
  const nr_bytes = atomic_read(objcg.$nr_charged_bytes);
  WARN_ON_ONCE(nr_bytes & (PAGE_SIZE - 1), `nr_charged_bytes is ${nr_bytes}`);
  return nr_bytes >>> PAGE_SHIFT;
}

/** memcg_reparent_objcgs(), with the lock that keeps the lists. */
export function reparent(memcg: mem_cgroup, parent: mem_cgroup, lock: spinlock_t): void {
  const objcg = rcu_replace_pointer(memcg.$objcg, null, true)!;
  spin_lock_irq(lock);
  // 1) Ready to reparent the active objcg
  list_add(objcg.list, memcg.objcg_list);
  // 2) Reparent it, and those that were reparented already
  for (let pos = memcg.objcg_list.next!; pos !== memcg.objcg_list; pos = pos.next!) {
    WRITE_ONCE(container_of(pos, obj_cgroup).$memcg, parent);
  }
  // 3) Move all of them to the parent's list
  list_splice(memcg.objcg_list, parent.objcg_list);
  spin_unlock_irq(lock);
  percpu_ref_kill(objcg.refcnt);
}

export default commit({
  commit: "9838354e16a2",
  subject: "mm: memcontrol: simplify the logic of objcg pinning memcg",
  version: "v5.14",
  needs: ["e74d225910ec"],
}, {
  memcg_reparent_objcgs: (memcg: mem_cgroup, parent: mem_cgroup): void =>
    reparent(memcg, parent, css_set_lock),

  obj_cgroup_release(ref: percpu_ref): void {
    const objcg = container_of(ref, obj_cgroup);
    const nr_pages = parked_pages(objcg);
    const flags = spin_lock_irqsave(css_set_lock);
    if (nr_pages) obj_cgroup_uncharge_pages(objcg, nr_pages);
    list_del(objcg.list);
    spin_unlock_irqrestore(css_set_lock, flags);
    percpu_ref_exit(ref);
    kfree_rcu(objcg.rcu);
  },
});
