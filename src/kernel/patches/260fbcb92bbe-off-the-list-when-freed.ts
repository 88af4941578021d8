/**
 * 260fbcb92bbe ("cgroup: Move dying_tasks cleanup from cgroup_task_release() to cgroup_task_free()"), v6.19.
 *
 * With it cgroup_exit(), cgroup_release() and cgroup_free() got the names cgroup_task_exit() and so on.
 *
 * @module
 */
import { READ_ONCE } from "../../machine/memory/access.ts";
import { css_set_lock } from "../cgroup.ts";
import { ON_NO_LIST, put_css_set, type task_struct } from "../sched.ts";
import { spin_lock_irq, spin_unlock_irq } from "../spinlock.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "260fbcb92bbe",
  subject: "cgroup: Move dying_tasks cleanup from cgroup_task_release() to cgroup_task_free()",
  version: "v6.19",
  needs: ["6fe960147e08"],
}, {
  // Only ss->release() is left, which memory cgroups have not.
  cgroup_release(_task: task_struct): void {},

  cgroup_free(task: task_struct): void {
    const cset = task.cgroups!;
    if (READ_ONCE(task.$cg_list) !== ON_NO_LIST) {
      spin_lock_irq(css_set_lock);
      task.cg_list = ON_NO_LIST;
      spin_unlock_irq(css_set_lock);
    }
    put_css_set(cset);
  },
});
