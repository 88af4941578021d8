/**
 * 1aacbd354313 ("mm: kmem: add direct objcg pointer to task_struct"), v6.7.
 *
 * A task keeps the objcg that it charges, with a reference. Whoever moves the task to another cgroup
 * sets a bit in the pointer; the task sees it at its next allocation and looks its objcg up anew. Only
 * the bit is changed by others, so the update is an xchg() and a cmpxchg().
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { cmpxchg, READ_ONCE, set_bit, xchg } from "../../machine/memory/access.ts";
import { objectAt } from "../../machine/memory/objects.ts";
import { active_memcg } from "../active-memcg.ts";
import { type cgroup_subsys_state, css_set_lock } from "../cgroup.ts";
import { ENOMEM } from "../errno.ts";
import { obj_cgroup_get, obj_cgroup_put } from "../memcontrol-objcg.ts";
import { mem_cgroup_from_task } from "../memcontrol.ts";
import type { obj_cgroup } from "../memcontrol-types.ts";
import { rcu_read_lock, rcu_read_unlock } from "../rcu.ts";
import {
  cgroup_migrate,
  cgroup_update_populated,
  current,
  CURRENT_OBJCG_UPDATE_BIT,
  CURRENT_OBJCG_UPDATE_FLAG,
  find_css_set,
  OBJCG_FLAG_BITS,
  ON_DYING_TASKS,
  ON_NO_LIST,
  type task_struct,
} from "../sched.ts";
import { spin_lock_irq, spin_unlock_irq } from "../spinlock.ts";
import { in_task } from "../preempt.ts";
import { __get_obj_cgroup_from_memcg } from "./f4840ccfca25-zswap-memcg-accounting.ts";
import { commit } from "./patch.ts";

/** The objcg in a word with a flag below, or NULL. */
export function without_flag(word: number): obj_cgroup | null {
  return objectAt(word >> OBJCG_FLAG_BITS) as obj_cgroup | null;
}

/** current_objcg_update(): look the task's objcg up anew. Context: task. */
const current_objcg_update = kernel("current_objcg_update", (): obj_cgroup | null => {
  let objcg: obj_cgroup | null = null;
  for (;;) {
    const old = without_flag(xchg(current().$objcg, 0)); // drops the bit, too
    if (old) obj_cgroup_put(old);
    if (!current().mm) return null; // it exits
    if (objcg) obj_cgroup_put(objcg); // of the iteration before
    rcu_read_lock();
    objcg = __get_obj_cgroup_from_memcg(mem_cgroup_from_task(current()));
    rcu_read_unlock();
    const word = objcg ? objcg.a << OBJCG_FLAG_BITS : 0;
    // It fails if the bit was set meanwhile.
    if (cmpxchg(current().$objcg, 0, word) === 0) return objcg;
  }
});

/** The objcg of the current task, without a reference. Context: task. */
export function task_objcg(): obj_cgroup | null {
  const word = READ_ONCE(current().$objcg);
  return word & CURRENT_OBJCG_UPDATE_FLAG ? current_objcg_update() : without_flag(word);
}

/** mem_cgroup_kmem_attach() Context: cgroup_mutex; the task has moved. */
const mem_cgroup_kmem_attach = kernel("mem_cgroup_kmem_attach", (task: task_struct): void => {
  set_bit(CURRENT_OBJCG_UPDATE_BIT, task.$objcg);
});

/** mem_cgroup_exit() Context: the task itself, which ends. */
export const mem_cgroup_exit = kernel("mem_cgroup_exit", (task: task_struct): void => {
  const objcg = without_flag(task.objcg);
  if (objcg) obj_cgroup_put(objcg);
  task.objcg = 0;
});

export default commit({
  commit: "1aacbd354313",
  subject: "mm: kmem: add direct objcg pointer to task_struct",
  version: "v6.7",
  needs: ["7d0715d0d6b2", "f4840ccfca25"],
  adds: ["current_objcg_update", "mem_cgroup_kmem_attach", "mem_cgroup_exit"],
}, {
  get_obj_cgroup_from_current(): obj_cgroup | null {
    const active = active_memcg();
    if (!active) {
      const objcg = in_task() ? task_objcg() : null;
      if (objcg) obj_cgroup_get(objcg);
      return objcg;
    }
    rcu_read_lock();
    const objcg = __get_obj_cgroup_from_memcg(active);
    rcu_read_unlock();
    return objcg;
  },

  cgroup_attach_task(css: cgroup_subsys_state, task: task_struct): number {
    const cset = find_css_set(css);
    if (!cset) return -ENOMEM;
    if (cgroup_migrate(task, cset)) mem_cgroup_kmem_attach(task); // ss->attach()
    return 0;
  },

  cgroup_exit(tsk: task_struct): void {
    spin_lock_irq(css_set_lock);
    WARN_ON_ONCE(tsk.cg_list === ON_NO_LIST);
    const cset = tsk.cgroups!;
    cgroup_update_populated(cset.subsys!, false); // css_set_move_task()
    tsk.cg_list = ON_DYING_TASKS;
    spin_unlock_irq(css_set_lock);
    mem_cgroup_exit(tsk); // ss->exit()
  },
});
