/**
 * Freezing cgroups — kernel/cgroup/freezer.c.
 *
 * A cgroup that is frozen freezes the tasks that are moved into it, while css_set_lock is held. Kernel
 * threads are never frozen.
 *
 * @module
 */
import { kernel } from "../machine/calls/registry.ts";
import { config } from "../machine/words/config.ts";
import { CGRP_FREEZE } from "./cgroup-defs.ts";
import { cgroup_is_dead, cgroup_mutex, type cgroup_subsys_state, css_set_lock } from "./cgroup.ts";
import { ENODEV } from "./errno.ts";
import { css_task_iter_next, is_kthread, put_task_struct, type task_struct } from "./sched.ts";
import { with_task_sighand } from "./signal.ts";
import { mutex_lock, mutex_unlock, spin_lock_irq, spin_unlock_irq } from "./spinlock.ts";

/** cgroup_freeze_task(): takes its siglock. Context: the task cannot be freed. */
export const cgroup_freeze_task = kernel(
  "cgroup_freeze_task",
  (task: task_struct, freeze: number): void =>
    with_task_sighand(task, (sighand) => {
      sighand.frozen = freeze;
    }),
);

/** cgroup_do_freeze() Context: task. */
export const cgroup_do_freeze = kernel(
  "cgroup_do_freeze",
  (css: cgroup_subsys_state, freeze: number): number => {
    mutex_lock(cgroup_mutex);
    if (cgroup_is_dead(css)) { // cgroup_kn_lock_live()
      mutex_unlock(cgroup_mutex);
      return -ENODEV;
    }
    spin_lock_irq(css_set_lock);
    css.cgrp_flags = freeze ? css.cgrp_flags | CGRP_FREEZE : css.cgrp_flags & ~CGRP_FREEZE;
    spin_unlock_irq(css_set_lock);
    for (let cpu = 0; cpu < config.cpus; cpu++) {
      const task = css_task_iter_next(css, cpu);
      if (!task) continue;
      if (!is_kthread(task)) cgroup_freeze_task(task, freeze);
      put_task_struct(task);
    }
    mutex_unlock(cgroup_mutex);
    return 0;
  },
);

/** cgroup_freezer_migrate_task(): the task is in `dst` now. Context: css_set_lock. */
export const cgroup_freezer_migrate_task = kernel(
  "cgroup_freezer_migrate_task",
  (task: task_struct, src: cgroup_subsys_state, dst: cgroup_subsys_state): void => {
    if (is_kthread(task)) return;
    if (!(src.cgrp_flags & CGRP_FREEZE) && !(dst.cgrp_flags & CGRP_FREEZE)) return;
    cgroup_freeze_task(task, dst.cgrp_flags & CGRP_FREEZE);
  },
);
