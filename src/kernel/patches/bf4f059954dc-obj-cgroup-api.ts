/**
 * bf4f059954dc ("mm: memcg/slab: obj_cgroup API"), v5.9: the patch as merged.
 *
 * Changes since the posted version: memcg_online_kmem() returns -ENOMEM. A new objcg is on no list
 * and holds no css reference. Reparenting puts it on the parent's list with a reference to the
 * parent, and kills it last. Release looks up the memcg once, under css_set_lock.
 *
 * @module
 */
import { atomic_read, xchg } from "../../machine/memory/access.ts";
import { BUG_ON, WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { container_of } from "../../machine/memory/struct.ts";
import { css_get, css_put, css_set_lock } from "../cgroup.ts";
import { ENOMEM } from "../errno.ts";
import { list_add, list_del, list_splice } from "../list.ts";
import { memcg_alloc_cache_id, memcg_free_cache_id } from "../memcontrol-css.ts";
import { obj_cgroup_alloc, obj_cgroup_memcg } from "../memcontrol-objcg.ts";
import { __memcg_kmem_uncharge } from "../memcontrol.ts";
import {
  KMEM_ONLINE,
  type mem_cgroup,
  obj_cgroup,
  PAGE_SHIFT,
  PAGE_SIZE,
} from "../memcontrol-types.ts";
import { type percpu_ref, percpu_ref_exit, percpu_ref_kill } from "../percpu-refcount.ts";
import { kfree_rcu, rcu_assign_pointer, rcu_replace_pointer } from "../rcu.ts";
import {
  spin_lock_irq,
  spin_lock_irqsave,
  spin_unlock_irq,
  spin_unlock_irqrestore,
} from "../spinlock.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "bf4f059954dc",
  subject: "mm: memcg/slab: obj_cgroup API",
  version: "v5.9",
  fixes: ["S1", "S7"],
}, {
  memcg_online_kmem(memcg: mem_cgroup): number {
    BUG_ON(memcg.kmemcg_id >= 0);
    BUG_ON(memcg.kmem_state);
    const memcg_id = memcg_alloc_cache_id();
    if (memcg_id < 0) return memcg_id;
    const objcg = obj_cgroup_alloc();
    if (!objcg) {
      memcg_free_cache_id(memcg_id);
      return -ENOMEM;
    }
    objcg.memcg = memcg;
    rcu_assign_pointer(memcg.$objcg, objcg);
    memcg.kmemcg_id = memcg_id;
    memcg.kmem_state = KMEM_ONLINE;
    return 0;
  },

  memcg_reparent_objcgs(memcg: mem_cgroup, parent: mem_cgroup): void {
    const objcg = rcu_replace_pointer(memcg.$objcg, null, true)!;
    spin_lock_irq(css_set_lock);
    // Move active objcg to the parent's list
    xchg(objcg.$memcg, parent);
    css_get(parent.css);
    list_add(objcg.list, parent.objcg_list);
    // Move already reparented objcgs to the parent's list
    for (let pos = memcg.objcg_list.next!; pos !== memcg.objcg_list; pos = pos.next!) {
      const inherited = container_of(pos, obj_cgroup);
      css_get(parent.css);
      xchg(inherited.$memcg, parent);
      css_put(memcg.css);
    }
    list_splice(memcg.objcg_list, parent.objcg_list);
    spin_unlock_irq(css_set_lock);
    percpu_ref_kill(objcg.refcnt);
  },

  obj_cgroup_release(ref: percpu_ref): void {
    const objcg = container_of(ref, obj_cgroup);
    // Each CPU parks less than a page here, but what several CPUs park can add up to a page.
    const nr_bytes = atomic_read(objcg.$nr_charged_bytes);
    WARN_ON_ONCE(nr_bytes & (PAGE_SIZE - 1), `nr_charged_bytes is ${nr_bytes}`);
    const nr_pages = nr_bytes >>> PAGE_SHIFT;
    const flags = spin_lock_irqsave(css_set_lock);
    const memcg = obj_cgroup_memcg(objcg)!;
    if (nr_pages) __memcg_kmem_uncharge(memcg, nr_pages);
    list_del(objcg.list);
    css_put(memcg.css); // mem_cgroup_put()
    spin_unlock_irqrestore(css_set_lock, flags);
    percpu_ref_exit(ref);
    kfree_rcu(objcg.rcu);
  },
});
