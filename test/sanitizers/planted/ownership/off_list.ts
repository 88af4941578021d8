/** Planted: reparenting does not put the active objcg on the parent's list. */
import { xchg } from "../../../../src/machine/memory/access.ts";
import { rcu_replace_pointer } from "../../../../src/kernel/rcu.ts";
import { css_get, css_set_lock } from "../../../../src/kernel/cgroup.ts";
import type { mem_cgroup } from "../../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";
import { percpu_ref_kill } from "../../../../src/kernel/percpu-refcount.ts";
import { spin_lock_irq, spin_unlock_irq } from "../../../../src/kernel/spinlock.ts";

export default patch("off_list", "forgets list_add()", {
  memcg_reparent_objcgs(memcg: mem_cgroup, parent: mem_cgroup): void {
    const objcg = rcu_replace_pointer(memcg.$objcg, null, true)!;
    spin_lock_irq(css_set_lock);
    xchg(objcg.$memcg, parent);
    css_get(parent.css);
    spin_unlock_irq(css_set_lock);
    percpu_ref_kill(objcg.refcnt);
  },
});
