/**
 * 9311e6c29b34 ("cgroup: Fix sleeping from invalid context warning on PREEMPT_RT"), v6.19.
 *
 * finish_task_switch() must not sleep, and with PREEMPT_RT css_set_lock is a sleeping lock. So there the
 * dead tasks of a CPU wait in a list until the irq_work of that CPU takes them out of their cgroups.
 *
 * MODEL: with PREEMPT_RT a thread of the CPU runs lazy irq_work. That thread is a kworker here.
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { cmpxchg, READ_ONCE, xchg } from "../../machine/memory/access.ts";
import { container_of, statics } from "../../machine/memory/struct.ts";
import {
  embed,
  type Fields,
  type Ptr,
  ptr,
  type Struct,
} from "../../machine/memory/struct_type.ts";
import { config } from "../../machine/words/config.ts";
import { css_set_lock } from "../cgroup.ts";
import { is_rt, smp_processor_id } from "../preempt.ts";
import {
  cgroup_update_populated,
  get_task_struct,
  ON_NO_LIST,
  put_task_struct,
  type task_struct,
} from "../sched.ts";
import { spin_lock_irqsave, spin_unlock_irqrestore } from "../spinlock.ts";
import { alloc_workqueue, INIT_WORK, queue_work, work_struct } from "../workqueue.ts";
import { commit } from "./patch.ts";

/** cgrp_dead_tasks and cgrp_dead_tasks_iwork of a CPU. */
interface dead_tasks extends Struct, Fields<{ first: Ptr<task_struct>; iwork: work_struct }> {}
const cgrp_dead_tasks = statics<dead_tasks>(
  "cgrp_dead_tasks",
  { first: ptr, iwork: embed(work_struct) },
  config.cpus,
);
const irq_work = alloc_workqueue("irq_work", 0);

/** do_cgroup_task_dead() Context: may sleep with PREEMPT_RT. */
const do_cgroup_task_dead = kernel("do_cgroup_task_dead", (tsk: task_struct): void => {
  const flags = spin_lock_irqsave(css_set_lock);
  WARN_ON_ONCE(tsk.cg_list === ON_NO_LIST);
  const cset = tsk.cgroups!;
  cgroup_update_populated(cset.subsys!, false); // css_set_move_task()
  tsk.cg_list = ON_NO_LIST;
  spin_unlock_irqrestore(css_set_lock, flags);
});

/** cgrp_dead_tasks_iwork_fn() Context: the thread of irq_work. */
const cgrp_dead_tasks_iwork_fn = kernel("cgrp_dead_tasks_iwork_fn", (iwork: work_struct): void => {
  const dead = container_of(iwork, cgrp_dead_tasks[0].type) as dead_tasks;
  let task = xchg(dead.$first, null); // llist_del_all()
  while (task) {
    const next = task.cg_dead_next;
    do_cgroup_task_dead(task);
    put_task_struct(task);
    task = next;
  }
});

/** cgroup_rt_init() Context: boot. */
export const cgroup_rt_init = kernel("cgroup_rt_init", (): void => {
  for (const { iwork } of cgrp_dead_tasks) INIT_WORK(iwork, cgrp_dead_tasks_iwork_fn);
});

/** llist_add() */
function llist_add(task: task_struct, dead: dead_tasks): void {
  for (;;) {
    const first = READ_ONCE(dead.$first);
    task.cg_dead_next = first;
    if (cmpxchg(dead.$first, first, task) === first) return;
  }
}

export default commit({
  commit: "9311e6c29b34",
  subject: "cgroup: Fix sleeping from invalid context warning on PREEMPT_RT",
  version: "v6.19",
  needs: ["d245698d727a"],
  adds: ["do_cgroup_task_dead", "cgrp_dead_tasks_iwork_fn", "cgroup_rt_init"],
}, {
  cgroup_task_dead(task: task_struct): void {
    if (!is_rt()) return do_cgroup_task_dead(task);
    get_task_struct(task);
    const dead = cgrp_dead_tasks[smp_processor_id()];
    llist_add(task, dead);
    queue_work(irq_work, dead.iwork); // irq_work_queue()
  },
});
