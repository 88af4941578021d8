/**
 * d245698d727a ("cgroup: Defer task cgroup unlink until after the task is done switching out"), v6.19.
 *
 * A task that exits counts in its cgroup until its CPU has gone on with another one. So a cgroup that is
 * empty has nobody any more who allocates.
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { type cgroup_subsys_state, css_set_lock } from "../cgroup.ts";
import { preempt_disable, preempt_enable } from "../preempt.ts";
import {
  cgroup_update_populated,
  cpu_curr,
  ON_NO_LIST,
  put_task_struct_rcu_user,
  sched_fork,
  type task_struct,
} from "../sched.ts";
import { spin_lock_irqsave, spin_unlock_irqrestore } from "../spinlock.ts";
import "../exit.ts"; // do_task_dead()
import { mem_cgroup_exit } from "./1aacbd354313-direct-objcg-pointer.ts";
import { commit } from "./patch.ts";

/** cgroup_task_dead(): its cgroup does not count the task any more. Context: finish_task_switch(). */
export const cgroup_task_dead = kernel("cgroup_task_dead", (tsk: task_struct): void => {
  const flags = spin_lock_irqsave(css_set_lock);
  WARN_ON_ONCE(tsk.cg_list === ON_NO_LIST);
  const cset = tsk.cgroups!;
  cgroup_update_populated(cset.subsys!, false); // css_set_move_task()
  tsk.cg_list = ON_NO_LIST;
  spin_unlock_irqrestore(css_set_lock, flags);
});

export default commit({
  commit: "d245698d727a",
  subject: "cgroup: Defer task cgroup unlink until after the task is done switching out",
  version: "v6.19",
  needs: ["1aacbd354313", "260fbcb92bbe"],
  adds: ["cgroup_task_dead"],
}, {
  cgroup_exit: (tsk: task_struct): void => mem_cgroup_exit(tsk), // ss->exit()

  do_task_dead(cpu: number, next: cgroup_subsys_state): void {
    const prev = cpu_curr(cpu);
    sched_fork(cpu, next);
    preempt_disable(); // __schedule()
    cgroup_task_dead(prev); // finish_task_switch()
    put_task_struct_rcu_user(prev);
    preempt_enable();
  },
});
