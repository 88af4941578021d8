/**
 * Tasks and their css_sets — include/linux/sched.h, kernel/cgroup/cgroup.c.
 *
 * MODEL: each CPU runs one user task at a time, bound to it. When that task has exited, the CPU takes
 * on another one (exit.ts). A css_set belongs to one task. In the kernel tasks share css_sets, which
 * saves memory and does not change the references of a css. Of the memory of a task, the model only
 * knows whether there is any; a kernel thread never has any (kthread_use_mm() is left out).
 *
 * @module
 */
import { config } from "../machine/words/config.ts";
import { CPU, regs } from "../machine/layout/registers.ts";
import { READ_ONCE } from "../machine/memory/access.ts";
import { prototype } from "../machine/calls/prototype.ts";
import { kernel } from "../machine/calls/registry.ts";
import {
  embed,
  type Fields,
  flags as bits,
  int,
  type Ptr,
  ptr,
  type Struct,
  tagged,
} from "../machine/memory/struct_type.ts";
import { container_of, statics, struct } from "../machine/memory/struct.ts";
import { offsetOf, peek, peekPointer } from "../machine/memory/peek.ts";
import { WARN_ON, WARN_ON_ONCE } from "../machine/findings/warn.ts";
import {
  cgroup_is_dead,
  cgroup_mutex,
  type cgroup_subsys_state,
  css_get,
  css_put,
  css_set_lock,
} from "./cgroup.ts";
import { __GFP_NOFAIL, ENODEV, ENOMEM, GFP_KERNEL } from "./errno.ts";
import {
  call_rcu,
  kfree_rcu,
  rcu_assign_pointer,
  rcu_dereference_check,
  rcu_head,
  rcu_read_lock,
  rcu_read_lock_held,
  rcu_read_unlock,
} from "./rcu.ts";
import {
  refcount_dec_and_test,
  refcount_dec_not_one,
  refcount_inc,
  refcount_read,
  refcount_set,
  refcount_t,
} from "./refcount.ts";
import { DECLARE_RWSEM, down_write, up_write } from "./rwsem.ts";
import { kfree, kzalloc } from "./slab.ts";
import {
  lockdep_is_held,
  mutex_lock,
  mutex_unlock,
  spin_lock_irq,
  spin_lock_irqsave,
  spin_unlock_irq,
  spin_unlock_irqrestore,
  spinlock_t,
} from "./spinlock.ts";
import { has } from "./version.ts";

/** Held for reading by a task that begins to exit, for writing by whoever moves tasks. */
export const cgroup_threadgroup_rwsem = DECLARE_RWSEM("cgroup_threadgroup_rwsem");

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

/** struct sighand_struct: siglock protects signals and job control state (JOBCTL_TRAP_FREEZE). */
export interface sighand_struct extends Struct, Fields<{ siglock: spinlock_t; frozen: number }> {}

/** struct task_struct */
export interface task_struct extends
  Struct,
  Fields<{
    usage: refcount_t;
    /** PF_*; written by the task */
    flags: number;
    exit_state: number;
    /** whether it has memory; only touched by the task */
    mm: number;
    /** RCU for reading; written under cgroup_mutex and css_set_lock */
    cgroups: Ptr<css_set>;
    /** which of its css_set's lists it is on; protected by css_set_lock */
    cg_list: number;
    /** memcg to charge instead of the task's own; only touched by the task */
    active_memcg: Ptr<Struct>;
    sighand: Ptr<sighand_struct>;
    /** one for whoever reaps it, one for the scheduler */
    rcu_users: refcount_t;
    rcu: rcu_head;
    /**
     * since 1aacbd354313 (v6.7): the objcg that the task charges, which it holds a reference to, with
     * CURRENT_OBJCG_UPDATE_FLAG below
     */
    objcg: number;
    /** since 9311e6c29b34 (v6.19): the next of those that wait to be taken out of their cgroups */
    cg_dead_next: Ptr<task_struct>;
  }> {}
/** The task is in another cgroup than its objcg was looked up for. */
export const CURRENT_OBJCG_UPDATE_BIT = 0;
export const CURRENT_OBJCG_UPDATE_FLAG = 1;
/** Bits of task->objcg below the address. */
export const OBJCG_FLAG_BITS = 1;
const OWN_OBJCG = has("1aacbd354313");
const UNLINKED_LATER = has("9311e6c29b34");
const EXITING_HIDDEN = has("1b164b876c36");
const COUNTED_ABOVE = has("93618edf7538");

/** Of `flags`: the task exits. */
export const PF_EXITING = 4;
/** Of `flags`: it is a kernel thread, from its fork to its end. */
export const PF_KTHREAD = 0x00200000;

export const task_struct = struct<task_struct>("task_struct", {
  usage: embed(refcount_t),
  flags: bits({ PF_EXITING, PF_KTHREAD }),
  exit_state: int,
  mm: int,
  cgroups: ptr,
  cg_list: int,
  active_memcg: ptr,
  sighand: ptr,
  rcu_users: embed(refcount_t),
  rcu: embed(rcu_head),
  ...(OWN_OBJCG ? { objcg: tagged(OBJCG_FLAG_BITS, { CURRENT_OBJCG_UPDATE_FLAG }) } : {}),
  ...(UNLINKED_LATER ? { cg_dead_next: ptr } : {}),
}, config.cpus + 32);
const FLAGS = offsetOf(task_struct, "flags");

/** Of `exit_state`: it has exited, and waits to be reaped. */
export const EXIT_ZOMBIE = 32;
/** Of `cg_list`. */
export const ON_NO_LIST = 0;
export const ON_TASKS = 1;
export const ON_DYING_TASKS = 2;

/** struct rq: what a CPU runs. */
interface rq extends Struct, Fields<{ curr: Ptr<task_struct> }> {}
const runqueues = statics<rq>("rq", { curr: ptr }, config.cpus);
const sighands = statics<sighand_struct>("sighand_struct", {
  siglock: embed(spinlock_t),
  frozen: int,
}, config.cpus);

/** cpu_curr(): the task of a CPU. Not an access to shared memory: a CPU knows whom it runs. */
export function cpu_curr(cpu: number): task_struct {
  return peekPointer(runqueues[cpu], 0) as task_struct;
}

/** current */
export function current(): task_struct {
  return cpu_curr(regs[CPU]);
}

/** cgroup_update_populated() since 93618edf7538 (v7.1): of the cgroup, and of those above it. */
const update_populated = prototype<(cgrp: cgroup_subsys_state, populated: boolean) => void>(
  "cgroup_update_populated",
  2,
);

/** cgroup_update_populated(): a cgroup has a task more, or one less. Context: css_set_lock. */
export function cgroup_update_populated(cgrp: cgroup_subsys_state, populated: boolean): void {
  if (COUNTED_ABOVE) update_populated(cgrp, populated);
  else cgrp.nr_populated += populated ? 1 : -1;
}

/** rcu_assign_pointer(rq->curr, next), and a new task's part of copy_process(). */
export function sched_fork(cpu: number, css: cgroup_subsys_state): void {
  const task = kzalloc(task_struct, GFP_KERNEL | __GFP_NOFAIL)!;
  const cset = kzalloc(css_set, GFP_KERNEL | __GFP_NOFAIL)!;
  refcount_set(cset.refcount, 1);
  css_get(css);
  cset.subsys = css;
  refcount_set(task.usage, 1);
  refcount_set(task.rcu_users, 2);
  task.mm = 1;
  task.sighand = sighands[cpu];
  if (OWN_OBJCG) task.objcg = CURRENT_OBJCG_UPDATE_FLAG; // mem_cgroup_fork()
  spin_lock_irq(css_set_lock); // cgroup_post_fork()
  task.cgroups = cset;
  task.cg_list = ON_TASKS;
  cgroup_update_populated(css, true);
  spin_unlock_irq(css_set_lock);
  runqueues[cpu].curr = task;
}

/** task_css(): Context: rcu_read_lock(), cgroup_mutex, or css_set_lock. */
export function task_css(task: task_struct): cgroup_subsys_state {
  // This is checked first, so that the usual case does not walk over the held locks.
  const held = rcu_read_lock_held() ||
    lockdep_is_held(cgroup_mutex) || lockdep_is_held(css_set_lock);
  return rcu_dereference_check(task.$cgroups, held)!.subsys!;
}

/** cgroup_rt_init(), since 9311e6c29b34 (v6.19). */
const cgroup_rt_init = prototype<() => void>("cgroup_rt_init", 0);

/** Boot: every task starts in the root cgroup. */
export function sched_init(root: cgroup_subsys_state): void {
  if (UNLINKED_LATER) cgroup_rt_init();
  for (let cpu = 0; cpu < config.cpus; cpu++) sched_fork(cpu, root);
}

/** put_css_set_locked() Context: css_set_lock. */
export function put_css_set_locked(cset: css_set): void {
  if (!refcount_dec_and_test(cset.refcount)) return;
  css_put(cset.subsys!);
  kfree_rcu(cset.rcu);
}

/** put_css_set() Context: any. */
export function put_css_set(cset: css_set): void {
  // Only whoever puts the last reference needs the lock: readers of the set must not see it at zero.
  if (refcount_dec_not_one(cset.refcount)) return;
  const flags = spin_lock_irqsave(css_set_lock);
  put_css_set_locked(cset);
  spin_unlock_irqrestore(css_set_lock, flags);
}

/**
 * css_task_iter_next(): the task of a CPU, held, if it is in the cgroup; since a72f73c4dd9b (v7.0), which
 * came with 1b164b876c36, unless it exits. Context: task.
 */
export function css_task_iter_next(css: cgroup_subsys_state, cpu: number): task_struct | null {
  spin_lock_irq(css_set_lock);
  const task = cpu_curr(cpu);
  let inside = task.cgroups!.subsys === css && task.cg_list === ON_TASKS;
  if (inside && EXITING_HIDDEN) inside = !(READ_ONCE(task.$flags) & PF_EXITING);
  if (inside) get_task_struct(task);
  spin_unlock_irq(css_set_lock);
  return inside ? task : null;
}

/** cgroup_freezer_migrate_task(): freezer.ts has it. */
const cgroup_freezer_migrate_task = prototype<
  (task: task_struct, src: cgroup_subsys_state, dst: cgroup_subsys_state) => void
>("cgroup_freezer_migrate_task", 3);

/** cgroup_migrate(): whether the task was moved; one that exits stays. Context: as below. */
export function cgroup_migrate(task: task_struct, to: css_set): boolean {
  spin_lock_irq(css_set_lock);
  const moves = !(task.flags & PF_EXITING); // cgroup_migrate_add_task()
  if (moves) { // cgroup_migrate_execute()
    const from = task.cgroups!;
    const [src, dst] = [from.subsys!, to.subsys!];
    cgroup_update_populated(src, false);
    cgroup_update_populated(dst, true);
    rcu_assign_pointer(task.$cgroups, to);
    cgroup_freezer_migrate_task(task, src, dst);
    put_css_set_locked(from);
  } else {
    put_css_set_locked(to);
  }
  spin_unlock_irq(css_set_lock);
  return moves;
}

/** find_css_set(): a new one. Context: cgroup_mutex; may sleep. */
export function find_css_set(css: cgroup_subsys_state): css_set | null {
  const cset = kzalloc(css_set, GFP_KERNEL);
  if (!cset) return null;
  refcount_set(cset.refcount, 1);
  css_get(css);
  cset.subsys = css;
  return cset;
}

/** cgroup_attach_task(): unless it exits. Context: cgroup_mutex, cgroup_threadgroup_rwsem. */
export const cgroup_attach_task = kernel(
  "cgroup_attach_task",
  (css: cgroup_subsys_state, task: task_struct): number => {
    const cset = find_css_set(css);
    if (!cset) return -ENOMEM;
    cgroup_migrate(task, cset);
    return 0;
  },
);

/**
 * task->flags & PF_KTHREAD
 *
 * MODEL: no access to shared memory: nobody changes that bit after the fork.
 */
export function is_kthread(task: task_struct): boolean {
  return (peek(task, FLAGS) & PF_KTHREAD) !== 0;
}

/** get_task_struct() */
export function get_task_struct(t: task_struct): void {
  refcount_inc(t.usage);
}

/** __put_task_struct() Context: any. */
export const __put_task_struct = kernel("__put_task_struct", (tsk: task_struct): void => {
  WARN_ON(!tsk.exit_state);
  WARN_ON(refcount_read(tsk.usage));
  WARN_ON(tsk === current());
  cgroup_free(tsk);
  kfree(tsk); // free_task()
});

/** put_task_struct() Context: any. */
export function put_task_struct(t: task_struct): void {
  if (refcount_dec_and_test(t.usage)) __put_task_struct(t);
}

export const delayed_put_task_struct = kernel("delayed_put_task_struct", (rhp: rcu_head): void => {
  put_task_struct(container_of(rhp, task_struct));
});

/** put_task_struct_rcu_user() Context: any. */
export function put_task_struct_rcu_user(task: task_struct): void {
  if (refcount_dec_and_test(task.rcu_users)) call_rcu(task.rcu, delayed_put_task_struct);
}

/** cgroup_procs_write(): move the task of a CPU. Context: task. */
export const cgroup_procs_write = kernel(
  "cgroup_procs_write",
  (css: cgroup_subsys_state, cpu: number): number => {
    mutex_lock(cgroup_mutex);
    if (cgroup_is_dead(css)) { // cgroup_kn_lock_live()
      mutex_unlock(cgroup_mutex);
      return -ENODEV;
    }
    down_write(cgroup_threadgroup_rwsem); // cgroup_procs_write_start()
    rcu_read_lock();
    const task = cpu_curr(cpu);
    get_task_struct(task);
    rcu_read_unlock();
    const ret = cgroup_attach_task(css, task);
    put_task_struct(task); // cgroup_procs_write_finish()
    up_write(cgroup_threadgroup_rwsem);
    mutex_unlock(cgroup_mutex);
    return ret;
  },
);

/** cgroup_exit(): its cgroup does not count the task any more. Context: do_exit(). */
export const cgroup_exit = kernel("cgroup_exit", (tsk: task_struct): void => {
  spin_lock_irq(css_set_lock);
  WARN_ON_ONCE(tsk.cg_list === ON_NO_LIST);
  const cset = tsk.cgroups!;
  cgroup_update_populated(cset.subsys!, false); // css_set_move_task()
  tsk.cg_list = ON_DYING_TASKS;
  spin_unlock_irq(css_set_lock);
});

/** cgroup_release() Context: release_task(). */
export const cgroup_release = kernel("cgroup_release", (task: task_struct): void => {
  spin_lock_irq(css_set_lock);
  task.cg_list = ON_NO_LIST;
  spin_unlock_irq(css_set_lock);
});

/** cgroup_free(): nobody can look the task up any more. Context: any. */
export const cgroup_free = kernel("cgroup_free", (task: task_struct): void => {
  put_css_set(task.cgroups!);
});

/** __exit_signal(): nobody can send it signals any more. Context: release_task(). */
export function __exit_signal(task: task_struct): void {
  const sighand = task.sighand!;
  spin_lock_irq(sighand.siglock); // under tasklist_lock
  task.sighand = null;
  spin_unlock_irq(sighand.siglock);
}
