/** Planted: an offline cgroup keeps its pointer to the objcg. */
import { xchg } from "../../../../src/machine/memory/access.ts";
import { rcu_dereference_protected } from "../../../../src/kernel/rcu.ts";
import { css_get, css_set_lock } from "../../../../src/kernel/cgroup.ts";
import { list_add } from "../../../../src/kernel/list.ts";
import type { mem_cgroup } from "../../../../src/kernel/memcontrol-types.ts";
import { patch } from "../../../../src/kernel/patches/patch.ts";
import { percpu_ref_kill } from "../../../../src/kernel/percpu-refcount.ts";
import { spin_lock_irq, spin_unlock_irq } from "../../../../src/kernel/spinlock.ts";

export default patch("keep_active", "does not clear memcg->objcg", {
  memcg_reparent_objcgs(memcg: mem_cgroup, parent: mem_cgroup): void {
    const objcg = rcu_dereference_protected(memcg.$objcg, true)!;
    spin_lock_irq(css_set_lock);
    xchg(objcg.$memcg, parent);
    css_get(parent.css);
    list_add(objcg.list, parent.objcg_list);
    spin_unlock_irq(css_set_lock);
    percpu_ref_kill(objcg.refcnt);
  },
});
