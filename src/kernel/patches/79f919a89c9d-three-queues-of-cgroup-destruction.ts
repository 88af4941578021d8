/**
 * 79f919a89c9d ("cgroup: split cgroup_destroy_wq into 3 workqueues"), v6.18 and stable kernels.
 *
 * cgroup_destroy_wq has at most one active item on a CPU. The item that destroys a hierarchy waits until
 * no css is dying; the item that takes the css offline may be behind it. Each step gets a queue of its
 * own.
 *
 * @module
 */
import { atomic_dec_and_test } from "../../machine/memory/access.ts";
import { container_of } from "../../machine/memory/struct.ts";
import {
  cgroup_mutex,
  cgroup_subsys_state,
  css_free_rwork_fn,
  css_killed_work_fn,
  css_release,
  css_release_work_fn,
  init_and_link_css,
  memory_cgrp_subsys,
  online_css,
} from "../cgroup.ts";
import { cgroup_free_wq, cgroup_offline_wq, cgroup_release_wq } from "../cgroup-wq.ts";
import { CSS_RELEASED } from "../cgroup-defs.ts";
import { ENOMEM, GFP_KERNEL, IS_ERR } from "../errno.ts";
import { list_add_tail, list_del_rcu } from "../list.ts";
import { mutex_lock, mutex_unlock } from "../mutex.ts";
import { type percpu_ref, percpu_ref_init } from "../percpu-refcount.ts";
import { kmalloc_may_fail } from "../slab.ts";
import { INIT_WORK, queue_rcu_work, queue_work, type work_struct } from "../workqueue.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "79f919a89c9d",
  subject: "cgroup: split cgroup_destroy_wq into 3 workqueues",
  version: "v6.18",
}, {
  css_release_work_fn(work: work_struct): void {
    const css = container_of(work, cgroup_subsys_state);
    mutex_lock(cgroup_mutex);
    css.flags |= CSS_RELEASED;
    list_del_rcu(css.sibling);
    mutex_unlock(cgroup_mutex);
    INIT_WORK(css.destroy_rwork.work, css_free_rwork_fn);
    queue_rcu_work(cgroup_free_wq, css.destroy_rwork);
  },

  css_release(ref: percpu_ref): void {
    const css = container_of(ref, cgroup_subsys_state);
    INIT_WORK(css.destroy_work, css_release_work_fn);
    queue_work(cgroup_release_wq, css.destroy_work);
  },

  css_create(parent: cgroup_subsys_state): cgroup_subsys_state | number {
    const css = memory_cgrp_subsys.css_alloc!(parent) as cgroup_subsys_state | number;
    if (IS_ERR(css)) return css;
    init_and_link_css(css, parent);
    let err = percpu_ref_init(css.refcnt, css_release, 0, GFP_KERNEL);
    if (!err && !kmalloc_may_fail(GFP_KERNEL)) err = -ENOMEM; // cgroup_idr_alloc()
    if (!err) {
      list_add_tail(css.sibling, parent.children);
      err = online_css(css);
      if (!err) return css;
      list_del_rcu(css.sibling);
    }
    INIT_WORK(css.destroy_rwork.work, css_free_rwork_fn);
    queue_rcu_work(cgroup_free_wq, css.destroy_rwork);
    return err;
  },

  css_killed_ref_fn(ref: percpu_ref): void {
    const css = container_of(ref, cgroup_subsys_state);
    if (atomic_dec_and_test(css.$online_cnt)) {
      INIT_WORK(css.destroy_work, css_killed_work_fn);
      queue_work(cgroup_offline_wq, css.destroy_work);
    }
  },
});
