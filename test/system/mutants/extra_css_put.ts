/**
 * A mutant of v5.9: reparenting takes no reference to the parent for the objcg that it inherits.
 *
 * @module
 */
import { xchg } from "../../../src/machine/memory/access.ts";
import { css_get, css_put, css_set_lock } from "../../../src/kernel/cgroup.ts";
import { list_add, list_splice } from "../../../src/kernel/list.ts";
import { container_of } from "../../../src/machine/memory/struct.ts";
import { type mem_cgroup, obj_cgroup } from "../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../src/kernel/patches/patch.ts";
import { percpu_ref_kill } from "../../../src/kernel/percpu-refcount.ts";
import { rcu_replace_pointer } from "../../../src/kernel/rcu.ts";
import { spin_lock_irq, spin_unlock_irq } from "../../../src/kernel/spinlock.ts";

export default patch("extra_css_put", "no css_get() of the parent in memcg_reparent_objcgs()", {
  memcg_reparent_objcgs(memcg: mem_cgroup, parent: mem_cgroup): void {
    const objcg = rcu_replace_pointer(memcg.$objcg, null, true)!;
    spin_lock_irq(css_set_lock);
    xchg(objcg.$memcg, parent);
    list_add(objcg.list, parent.objcg_list);
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
});
