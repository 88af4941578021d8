/**
 * 93618edf7538 ("cgroup: Defer css percpu_ref kill on rmdir until cgroup is depopulated"), v7.1.
 *
 * It takes 1b164b876c36 back: whoever removes a cgroup waits for nobody. The css is marked at once, but its
 * reference count is killed, and it goes offline, only when the last task in the cgroup and below is gone.
 *
 * MODEL: the cgroup is one object with its css, so whoever keeps the cgroup until the work is done keeps
 * the css.
 *
 * @module
 */
import { atomic_set, READ_ONCE, WRITE_ONCE } from "../../machine/memory/access.ts";
import { kernel } from "../../machine/calls/registry.ts";
import { WARN_ON_ONCE } from "../../machine/findings/warn.ts";
import { container_of } from "../../machine/memory/struct.ts";
import {
  cgroup_destroy_locked,
  cgroup_is_dead,
  cgroup_mutex,
  cgroup_subsys_state,
  css_clear_dir,
  css_get,
  css_has_online_children,
  css_killed_ref_fn,
  css_put,
  css_set_lock,
} from "../cgroup.ts";
import { CSS_DYING } from "../cgroup-defs.ts";
import { cgroup_offline_wq } from "../cgroup-wq.ts";
import { EBUSY, ENODEV } from "../errno.ts";
import { INIT_LIST_HEAD, list_empty } from "../list.ts";
import { percpu_ref_is_dying, percpu_ref_kill_and_confirm } from "../percpu-refcount.ts";
import { mutex_lock, mutex_unlock, spin_lock_irq, spin_unlock_irq } from "../spinlock.ts";
import { INIT_WORK, queue_work, type work_struct } from "../workqueue.ts";
import { has_visible_task } from "./1b164b876c36-wait-for-dying-tasks.ts";
import { commit } from "./patch.ts";

/** cgroup_is_populated(): tasks inside, living and dying, or populated children. */
function cgroup_is_populated(cgrp: cgroup_subsys_state): boolean {
  return READ_ONCE(cgrp.$nr_populated) + READ_ONCE(cgrp.$nr_populated_children) > 0;
}

/** kill_css_sync(): what users see of it. Context: cgroup_mutex. */
const kill_css_sync = kernel("kill_css_sync", (css: cgroup_subsys_state): void => {
  if (css.flags & CSS_DYING) return;
  css.flags |= CSS_DYING;
  css_clear_dir(css);
});

/** kill_css_finish() Context: cgroup_mutex. */
const kill_css_finish = kernel("kill_css_finish", (css: cgroup_subsys_state): void => {
  if (percpu_ref_is_dying(css.refcnt)) return;
  css_get(css); // until it is offline
  percpu_ref_kill_and_confirm(css.refcnt, css_killed_ref_fn);
});

/** cgroup_finish_destroy(): nobody is left below. Context: cgroup_mutex. */
const cgroup_finish_destroy = kernel("cgroup_finish_destroy", (cgrp: cgroup_subsys_state): void => {
  kill_css_finish(cgrp);
});

/** cgroup_finish_destroy_work_fn() Context: kworker. */
const cgroup_finish_destroy_work_fn = kernel(
  "cgroup_finish_destroy_work_fn",
  (work: work_struct): void => {
    const cgrp = container_of(work, cgroup_subsys_state);
    mutex_lock(cgroup_mutex);
    cgroup_finish_destroy(cgrp);
    mutex_unlock(cgroup_mutex);
    css_put(cgrp); // cgroup_put()
  },
);

/**
 * cgroup_update_populated(): up to the first one that is populated either way. What becomes empty after it
 * was removed is destroyed now. Context: css_set_lock.
 */
export const cgroup_update_populated = kernel(
  "cgroup_update_populated",
  (from: cgroup_subsys_state, populated: boolean): void => {
    const adj = populated ? 1 : -1;
    for (let cgrp: cgroup_subsys_state | null = from; cgrp; cgrp = cgrp.parent) {
      const was_populated = cgroup_is_populated(cgrp);
      if (cgrp === from) cgrp.nr_populated += adj;
      else cgrp.nr_populated_children += adj;
      if (was_populated === cgroup_is_populated(cgrp)) break;
      if (was_populated && READ_ONCE(cgrp.$self_offline)) {
        css_get(cgrp); // cgroup_get()
        WARN_ON_ONCE(!queue_work(cgroup_offline_wq, cgrp.finish_destroy_work));
      }
    }
  },
);

export default commit({
  commit: "93618edf7538",
  subject: "cgroup: Defer css percpu_ref kill on rmdir until cgroup is depopulated",
  version: "v7.1",
  needs: ["1b164b876c36", "79f919a89c9d"],
  adds: [
    "kill_css_sync",
    "kill_css_finish",
    "cgroup_finish_destroy",
    "cgroup_finish_destroy_work_fn",
    "cgroup_update_populated",
  ],
}, {
  init_and_link_css(css: cgroup_subsys_state, parent: cgroup_subsys_state | null): void {
    css.flags = 0;
    css.nr_populated = 0;
    INIT_LIST_HEAD(css.sibling);
    INIT_LIST_HEAD(css.children);
    INIT_WORK(css.finish_destroy_work, cgroup_finish_destroy_work_fn); // init_cgroup_housekeeping()
    atomic_set(css.$online_cnt, 0);
    css.parent = parent;
    if (parent) css_get(parent);
  },

  // cgroup_apply_control_disable() calls both.
  kill_css(css: cgroup_subsys_state): void {
    kill_css_sync(css);
    kill_css_finish(css);
  },

  cgroup_destroy_locked(css: cgroup_subsys_state): number {
    if (has_visible_task(css)) return -EBUSY;
    if (!list_empty(css.children) && css_has_online_children(css)) return -EBUSY;
    WRITE_ONCE(css.$self_offline, 1);
    spin_lock_irq(css_set_lock); // cset->dead
    spin_unlock_irq(css_set_lock);
    kill_css_sync(css);
    spin_lock_irq(css_set_lock); // nr_dying_descendants of those above
    spin_unlock_irq(css_set_lock);
    if (!cgroup_is_populated(css)) cgroup_finish_destroy(css);
    return 0;
  },

  cgroup_rmdir(css: cgroup_subsys_state): number {
    mutex_lock(cgroup_mutex);
    const ret = cgroup_is_dead(css) ? -ENODEV : cgroup_destroy_locked(css);
    mutex_unlock(cgroup_mutex);
    return ret;
  },
});
