/**
 * Tasks, their css_sets and their signals — include/linux/sched.h, kernel/cgroup/cgroup.c,
 * kernel/cgroup/freezer.c, kernel/signal.c.
 *
 * MODEL: one user task per CPU, bound to it. A css_set belongs to one task. In the kernel tasks
 * share css_sets, which saves memory and does not change the references of a css.
 *
 * @module
 */
import { config } from "../machine/words/config.ts";
import * as registers from "../machine/layout/registers.ts";
import { kernel } from "../machine/calls/registry.ts";
import {
  embed,
  type Fields,
  int,
  type Ptr,
  ptr,
  type Struct,
} from "../machine/memory/struct_type.ts";
import { statics, struct } from "../machine/memory/struct.ts";
import {
  cgroup_is_dead,
  cgroup_mutex,
  type cgroup_subsys_state,
  css_get,
  css_put,
  css_set_lock,
} from "./cgroup.ts";
import { ENODEV, ENOMEM, GFP_KERNEL } from "./errno.ts";
import {
  kfree_rcu,
  rcu_assign_pointer,
  rcu_dereference_check,
  rcu_head,
  rcu_read_lock_held,
} from "./rcu.ts";
import { refcount_dec_and_test, refcount_set, refcount_t } from "./refcount.ts";
import { kzalloc } from "./slab.ts";
import {
  lockdep_is_held,
  mutex_lock,
  mutex_unlock,
  spin_lock,
  spin_lock_irq,
  spin_lock_irqsave,
  spin_unlock,
  spin_unlock_irq,
  spin_unlock_irqrestore,
  spinlock_t,
} from "./spinlock.ts";

const { regs, CPU } = registers;

/** struct css_set */
export interface css_set extends
  Struct,
  Fields<{
    subsys: Ptr<cgroup_subsys_state>;
    /** the task's own */
    refcount: refcount_t;
    rcu: rcu_head;
  }> {}
export const css_set = struct<css_set>("css_set", {
  subsys: ptr,
  refcount: embed(refcount_t),
  rcu: embed(rcu_head),
}, 96);

/** struct sighand_struct: siglock protects signals and job control state. */
interface sighand_struct extends Struct, Fields<{ siglock: spinlock_t; frozen: number }> {}

/** struct task_struct */
export interface task_struct extends
  Struct,
  Fields<{
    /** RCU for reading; written under cgroup_mutex and css_set_lock */
    cgroups: Ptr<css_set>;
    /** memcg to charge instead of the task's own; only touched by the task */
    active_memcg: Ptr<Struct>;
    sighand: Ptr<sighand_struct>;
  }> {}
export const tasks = statics<task_struct>("task_struct", {
  cgroups: ptr,
  active_memcg: ptr,
  sighand: ptr,
}, config.cpus);
const sighands = statics<sighand_struct>("sighand_struct", {
  siglock: embed(spinlock_t),
  frozen: int,
}, config.cpus);

/** current */
export function current(): task_struct {
  return tasks[regs[CPU]];
}

/** task_css(): Context: rcu_read_lock(), cgroup_mutex, or css_set_lock. */
export function task_css(task: task_struct): cgroup_subsys_state {
  // This is checked first, so that the usual case does not walk over the held locks.
  const held = rcu_read_lock_held() ||
    lockdep_is_held(cgroup_mutex) || lockdep_is_held(css_set_lock);
  return rcu_dereference_check(task.$cgroups, held)!.subsys!;
}

/** Boot: every task starts in the root cgroup. */
export function sched_init(root: cgroup_subsys_state): void {
  for (let cpu = 0; cpu < config.cpus; cpu++) {
    const cset = kzalloc(css_set, GFP_KERNEL)!;
    refcount_set(cset.refcount, 1);
    css_get(root);
    cset.subsys = root;
    tasks[cpu].cgroups = cset;
    tasks[cpu].sighand = sighands[cpu];
  }
}

/** put_css_set_locked() Context: css_set_lock. */
function put_css_set_locked(cset: css_set): void {
  if (!refcount_dec_and_test(cset.refcount)) return;
  css_put(cset.subsys!);
  kfree_rcu(cset.rcu);
}

/** cgroup_attach_task(): move a task. Context: task. */
export const cgroup_attach_task = kernel(
  "cgroup_attach_task",
  (css: cgroup_subsys_state, task: task_struct): number => {
    mutex_lock(cgroup_mutex);
    if (cgroup_is_dead(css)) { // cgroup_kn_lock_live()
      mutex_unlock(cgroup_mutex);
      return -ENODEV;
    }
    const cset = kzalloc(css_set, GFP_KERNEL); // find_css_set()
    if (!cset) {
      mutex_unlock(cgroup_mutex);
      return -ENOMEM;
    }
    refcount_set(cset.refcount, 1);
    css_get(css);
    cset.subsys = css;
    spin_lock_irq(css_set_lock); // cgroup_migrate_execute()
    const from = task.cgroups!;
    from.subsys!.nr_populated--;
    css.nr_populated++;
    rcu_assign_pointer(task.$cgroups, cset);
    put_css_set_locked(from);
    spin_unlock_irq(css_set_lock);
    mutex_unlock(cgroup_mutex);
    return 0;
  },
);

/** cgroup_freeze_task(): css_set_lock, then the siglock of every task inside. Context: task. */
export const cgroup_do_freeze = kernel(
  "cgroup_do_freeze",
  (css: cgroup_subsys_state, freeze: number): number => {
    mutex_lock(cgroup_mutex);
    if (cgroup_is_dead(css)) { // cgroup_kn_lock_live()
      mutex_unlock(cgroup_mutex);
      return -ENODEV;
    }
    spin_lock_irq(css_set_lock);
    for (let cpu = 0; cpu < config.cpus; cpu++) {
      const task = tasks[cpu];
      if (task.cgroups!.subsys !== css) continue;
      const sighand = task.sighand!;
      spin_lock(sighand.siglock); // lock_task_sighand()
      sighand.frozen = freeze;
      spin_unlock(sighand.siglock);
    }
    spin_unlock_irq(css_set_lock);
    mutex_unlock(cgroup_mutex);
    return 0;
  },
);

/** send_signal(): the sigqueue entry is allocated under the siglock. Context: any. */
export const send_signal = kernel(
  "send_signal",
  (task: task_struct, alloc: () => number): number => {
    const sighand = task.sighand!;
    const flags = spin_lock_irqsave(sighand.siglock);
    const entry = alloc(); // __sigqueue_alloc()
    spin_unlock_irqrestore(sighand.siglock, flags);
    return entry;
  },
);
