/**
 * 1b164b876c36 ("cgroup: Wait for dying tasks to leave on rmdir"), v7.0.
 *
 * Since a72f73c4dd9b nobody who lists tasks sees one that exits (css_task_iter_next() in sched.ts). So
 * whoever removes a cgroup that looks empty waits until its last tasks are gone, where it got an error.
 *
 * MODEL: it does not wait, and gets that error. Whether a task of the model goes on to its end depends on
 * the operations of its CPU, and the kernel's tasks always do: waiting would report hung tasks.
 *
 * @module
 */
import { kernel } from "../../machine/calls/registry.ts";
import { READ_ONCE } from "../../machine/memory/access.ts";
import { config } from "../../machine/words/config.ts";
import {
  cgroup_destroy_locked,
  cgroup_is_dead,
  cgroup_mutex,
  type cgroup_subsys_state,
  css_set_lock,
} from "../cgroup.ts";
import { EBUSY, ENODEV } from "../errno.ts";
import { css_task_iter_next, put_task_struct } from "../sched.ts";
import { mutex_lock, mutex_unlock, spin_lock_irq, spin_unlock_irq } from "../spinlock.ts";
import { commit } from "./patch.ts";

/** css_task_iter_next(): whether a task that lives is in the cgroup. Context: task. */
export function has_visible_task(css: cgroup_subsys_state): boolean {
  for (let cpu = 0; cpu < config.cpus; cpu++) {
    const task = css_task_iter_next(css, cpu);
    if (!task) continue;
    put_task_struct(task); // css_task_iter_end()
    return true;
  }
  return false;
}

const cgroup_has_tasks = (css: cgroup_subsys_state) => READ_ONCE(css.$nr_populated) > 0;

/** cgroup_drain_dying() Context: cgroup_mutex. */
const cgroup_drain_dying = kernel("cgroup_drain_dying", (css: cgroup_subsys_state): number => {
  if (!cgroup_has_tasks(css)) return 0;
  if (has_visible_task(css)) return -EBUSY;
  spin_lock_irq(css_set_lock);
  const dying = cgroup_has_tasks(css);
  spin_unlock_irq(css_set_lock);
  return dying ? -EBUSY : 0;
});

export default commit({
  commit: "1b164b876c36",
  subject: "cgroup: Wait for dying tasks to leave on rmdir",
  version: "v7.0",
  needs: ["d245698d727a"],
  adds: ["cgroup_drain_dying"],
}, {
  cgroup_rmdir(css: cgroup_subsys_state): number {
    mutex_lock(cgroup_mutex);
    let ret = cgroup_is_dead(css) ? -ENODEV : cgroup_drain_dying(css);
    if (!ret) ret = cgroup_destroy_locked(css);
    mutex_unlock(cgroup_mutex);
    return ret;
  },
});
