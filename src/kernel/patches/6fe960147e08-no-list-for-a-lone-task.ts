/**
 * 6fe960147e08 ("cgroup: avoid the unnecessary list_add(dying_tasks) in cgroup_exit()"), v6.11.
 *
 * Only a leader whose threads still live is kept on the list of dying tasks. Who is on no list is released
 * without css_set_lock.
 *
 * MODEL: every task is alone in its thread group, so signal->live is zero once it exits, and nobody is on
 * that list any more.
 *
 * @module
 */
import { READ_ONCE } from "../../machine/memory/access.ts";
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { css_set_lock } from "../cgroup.ts";
import { cgroup_update_populated, ON_NO_LIST, type task_struct } from "../sched.ts";
import { spin_lock_irq, spin_unlock_irq } from "../spinlock.ts";
import { mem_cgroup_exit } from "./1aacbd354313-direct-objcg-pointer.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "6fe960147e08",
  subject: "cgroup: avoid the unnecessary list_add(dying_tasks) in cgroup_exit()",
  version: "v6.11",
  needs: ["1aacbd354313"],
}, {
  cgroup_exit(tsk: task_struct): void {
    spin_lock_irq(css_set_lock);
    WARN_ON_ONCE(tsk.cg_list === ON_NO_LIST);
    const cset = tsk.cgroups!;
    cgroup_update_populated(cset.subsys!, false); // css_set_move_task()
    tsk.cg_list = ON_NO_LIST;
    spin_unlock_irq(css_set_lock);
    mem_cgroup_exit(tsk); // ss->exit()
  },

  cgroup_release(task: task_struct): void {
    if (READ_ONCE(task.$cg_list) === ON_NO_LIST) return;
    spin_lock_irq(css_set_lock);
    task.cg_list = ON_NO_LIST;
    spin_unlock_irq(css_set_lock);
  },
});
