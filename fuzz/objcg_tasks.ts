/**
 * The part of target `objcg` that is about tasks: where they are, and how they end.
 *
 * @module
 */
import { cpu, type OpDefinition, ref, SKIPPED } from "../src/prog/target.ts";
import { GFP_ATOMIC } from "../src/kernel/errno.ts";
import { do_exit, exit_signals, wait_task_zombie } from "../src/kernel/exit.ts";
import { type mem_cgroup, root_mem_cgroup } from "../src/kernel/memcontrol-types.ts";
import { cgroup_do_freeze } from "../src/kernel/freezer.ts";
import {
  cgroup_procs_write,
  current,
  CURRENT_OBJCG_UPDATE_FLAG,
  PF_EXITING,
  PF_KTHREAD,
} from "../src/kernel/sched.ts";
import { send_signal } from "../src/kernel/signal.ts";
import { kmem_cache_alloc } from "../src/kernel/slab-hooks.ts";
import { asTask } from "../src/machine/context/task.ts";
import { CPU, regs } from "../src/machine/layout/registers.ts";
import { config } from "../src/machine/words/config.ts";

const child = ref("memcg", "memcg", { made: true });

/** The task of a CPU begins to exit. */
function beginExit(): number {
  const task = current();
  if (task.flags & PF_EXITING) return SKIPPED;
  exit_signals(task);
  return 0;
}

/** The task of a CPU exits, whether it has begun to or not. */
function exit(): number {
  if (current().exit_state) return SKIPPED;
  do_exit(current());
  return 0;
}

/** The CPU goes on with the parent of the task that has exited. */
function wait(): number {
  if (!current().exit_state) return SKIPPED;
  wait_task_zombie(regs[CPU], root_mem_cgroup().css);
  return 0;
}

export const taskOps: Readonly<Record<string, OpDefinition>> = {
  attach: {
    doc: "Move the task of a CPU into a cgroup.",
    weight: 1.5,
    bootWeight: 6,
    args: [cpu("task"), child],
    allocs: 1,
    run: (c: number, m: mem_cgroup) => c < config.cpus ? cgroup_procs_write(m.css, c) : SKIPPED,
  },
  exit_signals: {
    doc: "The task of a CPU begins to exit: what it still charges is forced.",
    weight: 0.15,
    bootWeight: 0.05,
    args: [cpu("task")],
    run: (c: number) => asTask(c, beginExit),
  },
  task_exit: {
    doc: "The task of a CPU exits: it leaves its cgroup's count, and keeps the css until reaped.",
    weight: 0.25,
    bootWeight: 0.05,
    args: [cpu("task")],
    run: (c: number) => asTask(c, exit),
  },
  task_reap: {
    doc: "Reap the task of a CPU that has exited; the CPU goes on with a task in the root cgroup.",
    weight: 0.25,
    bootWeight: 0.02,
    args: [cpu("task")],
    run: (c: number) => asTask(c, wait),
  },
  freeze: {
    doc: "Freeze a cgroup: its tasks, and each that is moved into it or out of it from now on.",
    weight: 1,
    bootWeight: 0.2,
    args: [child],
    run: (m: mem_cgroup) => cgroup_do_freeze(m.css, 1),
  },
  signal: {
    doc: "Send a signal to the task of a CPU: an accounted allocation under its siglock.",
    weight: 2,
    bootWeight: 0.3,
    args: [cpu("task")],
    result: "object",
    allocs: 2,
    run: (c: number) =>
      c < config.cpus ? send_signal(c, () => kmem_cache_alloc(80, GFP_ATOMIC)?.a ?? 0) : SKIPPED,
  },
};

/** Whoever is one was born one, so a task that has moved, charged or begun to exit stays what it is. */
function becomeKernelThread(): number {
  const task = current();
  const isNew = task.cgroups!.subsys === root_mem_cgroup().css &&
    task.objcg === CURRENT_OBJCG_UPDATE_FLAG && task.flags === 0;
  if (!isNew) return SKIPPED;
  task.flags = PF_KTHREAD;
  task.mm = 0;
  return 0;
}

/**
 * Since 1aacbd354313 (v6.7), where tasks keep their objcg. Before that each allocation asks anew who
 * allocates, so a kernel thread does nothing that a task in the root cgroup does not do.
 */
export const kernelThreadOps: Readonly<Record<string, OpDefinition>> = {
  kthread: {
    doc: "The task of this CPU is a kernel thread: it has no memory, and charges nobody.",
    weight: 0,
    bootWeight: 0.5,
    args: [cpu("cpu")],
    where: "boot",
    run: (c: number) => asTask(c, becomeKernelThread),
  },
};
