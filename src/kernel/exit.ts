/**
 * The end of a task — kernel/exit.c, kernel/fork.c, kernel/signal.c (v5.4 to v5.9).
 *
 * A task that exits leaves its cgroup's count, so that the cgroup can be removed, but keeps its css_set,
 * and with that the css, until it was reaped, has left its CPU for good, and a grace period is over.
 *
 * MODEL: the task that the CPU runs next is the one that reaps the dead one: its parent, which lives in
 * the root cgroup.
 *
 * @module
 */
import { kernel } from "../machine/calls/registry.ts";
import type { cgroup_subsys_state } from "./cgroup.ts";
import { down_read, up_read } from "./rwsem.ts";
import {
  __exit_signal,
  cgroup_exit,
  cgroup_release,
  cgroup_threadgroup_rwsem,
  cpu_curr,
  EXIT_ZOMBIE,
  PF_EXITING,
  put_task_struct_rcu_user,
  sched_fork,
  type task_struct,
} from "./sched.ts";

/** exit_signals(): from now on it is known that the task exits. Context: the task. */
export const exit_signals = kernel("exit_signals", (tsk: task_struct): void => {
  down_read(cgroup_threadgroup_rwsem); // cgroup_threadgroup_change_begin()
  tsk.flags |= PF_EXITING;
  up_read(cgroup_threadgroup_rwsem);
});

/** do_exit(), up to where the task waits to be reaped. Context: the task. */
export const do_exit = kernel("do_exit", (tsk: task_struct): void => {
  if (!(tsk.flags & PF_EXITING)) exit_signals(tsk);
  tsk.mm = 0; // exit_mm()
  cgroup_exit(tsk);
  tsk.exit_state = EXIT_ZOMBIE; // exit_notify()
});

/** release_task(): reap a zombie. Context: its parent. */
export const release_task = kernel("release_task", (p: task_struct): void => {
  cgroup_release(p);
  __exit_signal(p);
  put_task_struct_rcu_user(p);
});

/** do_task_dead() and finish_task_switch(): the CPU goes on with another task, in that cgroup. */
export const do_task_dead = kernel(
  "do_task_dead",
  (cpu: number, next: cgroup_subsys_state): void => {
    const prev = cpu_curr(cpu);
    sched_fork(cpu, next);
    put_task_struct_rcu_user(prev);
  },
);

/** wait_task_zombie(): the CPU goes on with the parent, which reaps its child. Context: a zombie. */
export const wait_task_zombie = kernel(
  "wait_task_zombie",
  (cpu: number, parent: cgroup_subsys_state): void => {
    const p = cpu_curr(cpu);
    do_task_dead(cpu, parent);
    release_task(p);
  },
);
