/**
 * 0764db9b49c9 ("mm: memcg: synchronize objcg lists with a dedicated spinlock"), v5.17, as a backport
 * to v5.9, in which every objcg on a list holds a css reference.
 *
 * objcg_lock protects the lists instead of css_set_lock, under which others take a siglock.
 *
 * @module
 */
import { atomic_read, xchg } from "../../machine/memory/access.ts";
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { container_of } from "../../machine/memory/struct.ts";
import { css_get, css_put } from "../cgroup.ts";
import { list_add, list_del, list_splice } from "../list.ts";
import { obj_cgroup_memcg } from "../memcontrol-objcg.ts";
import { __memcg_kmem_uncharge } from "../memcontrol.ts";
import { type mem_cgroup, obj_cgroup, PAGE_SHIFT, PAGE_SIZE } from "../memcontrol-types.ts";
import { type percpu_ref, percpu_ref_exit, percpu_ref_kill } from "../percpu-refcount.ts";
import { kfree_rcu, rcu_replace_pointer } from "../rcu.ts";
import {
  DEFINE_SPINLOCK,
  spin_lock_irq,
  spin_lock_irqsave,
  spin_unlock_irq,
  spin_unlock_irqrestore,
} from "../spinlock.ts";
import { patch } from "./patch.ts";

export const objcg_lock = DEFINE_SPINLOCK("objcg_lock");

export default patch(
  "0764db9b49c9",
  "mm: memcg: synchronize objcg lists with a dedicated spinlock",
  {
    memcg_reparent_objcgs(memcg: mem_cgroup, parent: mem_cgroup): void {
      const objcg = rcu_replace_pointer(memcg.$objcg, null, true)!;
      spin_lock_irq(objcg_lock);
      xchg(objcg.$memcg, parent);
      css_get(parent.css);
      list_add(objcg.list, parent.objcg_list);
      for (let pos = memcg.objcg_list.next!; pos !== memcg.objcg_list; pos = pos.next!) {
        const inherited = container_of(pos, obj_cgroup);
        css_get(parent.css);
        xchg(inherited.$memcg, parent);
        css_put(memcg.css);
      }
      list_splice(memcg.objcg_list, parent.objcg_list);
      spin_unlock_irq(objcg_lock);
      percpu_ref_kill(objcg.refcnt);
    },

    obj_cgroup_release(ref: percpu_ref): void {
      const objcg = container_of(ref, obj_cgroup);
      const nr_bytes = atomic_read(objcg.$nr_charged_bytes);
      WARN_ON_ONCE(nr_bytes & (PAGE_SIZE - 1), `nr_charged_bytes is ${nr_bytes}`);
      const nr_pages = nr_bytes >>> PAGE_SHIFT;
      const flags = spin_lock_irqsave(objcg_lock);
      const memcg = obj_cgroup_memcg(objcg)!;
      if (nr_pages) __memcg_kmem_uncharge(memcg, nr_pages);
      list_del(objcg.list);
      css_put(memcg.css); // mem_cgroup_put()
      spin_unlock_irqrestore(objcg_lock, flags);
      percpu_ref_exit(ref);
      kfree_rcu(objcg.rcu);
    },
  },
);
