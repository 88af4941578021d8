/**
 * 8285917d6f38 ("mm: memcontrol: prepare for reparenting non-hierarchical stats"), v7.1.
 *
 * A css goes offline only after one more grace period, so that whoever changes statistics in an RCU
 * section sees that it is dying. Statistics of one level, which are what this is for, are in
 * memcg_state_local; those of slab objects, which that one has, are not reparented.
 *
 * @module
 */
import { atomic_dec_and_test } from "../../machine/memory/access.ts";
import { container_of } from "../../machine/memory/struct.ts";
import {
  cgroup_mutex,
  cgroup_subsys_state,
  css_killed_work_fn,
  css_put,
  offline_css,
} from "../cgroup.ts";
import type { percpu_ref } from "../percpu-refcount.ts";
import { mutex_lock, mutex_unlock } from "../spinlock.ts";
import { cgroup_offline_wq } from "../cgroup-wq.ts";
import { INIT_WORK, queue_rcu_work, rcu_work, type work_struct } from "../workqueue.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "8285917d6f38",
  subject: "mm: memcontrol: prepare for reparenting non-hierarchical stats",
  version: "v7.1",
}, {
  css_killed_ref_fn(ref: percpu_ref): void {
    const css = container_of(ref, cgroup_subsys_state);
    if (atomic_dec_and_test(css.$online_cnt)) {
      INIT_WORK(css.destroy_rwork.work, css_killed_work_fn); // INIT_RCU_WORK()
      queue_rcu_work(cgroup_offline_wq, css.destroy_rwork);
    }
  },

  css_killed_work_fn(work: work_struct): void {
    let css: cgroup_subsys_state | null = container_of(
      container_of(work, rcu_work),
      cgroup_subsys_state,
    );
    mutex_lock(cgroup_mutex);
    do {
      offline_css(css);
      css_put(css);
      css = css.parent; // the child holds a reference to it
    } while (css && atomic_dec_and_test(css.$online_cnt));
    mutex_unlock(cgroup_mutex);
  },
});
