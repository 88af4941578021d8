/**
 * Takes everything down after an execution, with the kernel's own functions. What is left
 * afterwards is a leak.
 *
 * @module
 */
import { prototype } from "../src/machine/calls/prototype.ts";
import { isOnline } from "../src/machine/context/cpus.ts";
import { onBehalfOf, settleDeferred } from "../src/machine/context/settle.ts";
import { pinned } from "./objcg_ledger.ts";
import { take_off } from "./objcg_lru.ts";
import { forEachHandle, takeTally, tally } from "../src/machine/context/handles.ts";
import { forEachLive } from "../src/machine/memory/slab.ts";
import { config } from "../src/machine/words/config.ts";
import { cgroup_is_dead, cgroup_rmdir, css_put } from "../src/kernel/cgroup.ts";
import { obj_cgroup_put, obj_cgroup_uncharge } from "../src/kernel/memcontrol-objcg.ts";
import { drain_local_stock } from "../src/kernel/memcontrol.ts";
import {
  kmem_object,
  mem_cgroup,
  memcg_stock,
  type obj_cgroup,
  obj_stock,
  page,
  root_mem_cgroup,
} from "../src/kernel/memcontrol-types.ts";
import { cgroup_procs_write, cpu_curr, PF_EXITING, type task_struct } from "../src/kernel/sched.ts";
import { do_exit, wait_task_zombie } from "../src/kernel/exit.ts";
import { mem_cgroup_uncharge_swap, swap_cgroup } from "../src/kernel/memcontrol-id.ts";
import { kfree } from "../src/kernel/slab.ts";
import { free_kmem_pages, kmem_cache_free } from "../src/kernel/slab-hooks.ts";
import { has } from "../src/kernel/version.ts";

/** Since 1aacbd354313 (v6.7). */
const mem_cgroup_exit = prototype<(task: task_struct) => void>("mem_cgroup_exit", 1);

function dropHandles(): void {
  forEachHandle("objcg", (h) => {
    const o = h as obj_cgroup;
    const left = takeTally(o.index, tally(o.index));
    if (left > 0) pinned(o, () => obj_cgroup_uncharge(o, left));
    obj_cgroup_put(o);
  });
  forEachLive(swap_cgroup, (s) => {
    if (s.id !== 0) mem_cgroup_uncharge_swap(s);
    kfree(s);
  });
  forEachHandle("css", (h) => css_put((h as mem_cgroup).css));
  forEachLive(kmem_object, (x) => {
    if (has("list_lru")) take_off(x);
    kmem_cache_free(x);
  });
  forEachLive(page, (p) => free_kmem_pages(p));
}

/** The task of a CPU ends, if it has not, and is reaped; the CPU may be down. */
function reap(c: number): void {
  const task = cpu_curr(c);
  if (!task.exit_state) do_exit(task);
  wait_task_zombie(c, root_mem_cgroup().css);
}

function removeCgroups(): void {
  const root = root_mem_cgroup();
  for (let c = 0; c < config.cpus; c++) {
    const task = cpu_curr(c);
    if (task.flags & PF_EXITING) reap(c);
    else if (task.cgroups!.subsys !== root.css) cgroup_procs_write(root.css, c);
  }
  if (has("9311e6c29b34")) settleDeferred(); // with PREEMPT_RT work takes them out of their cgroups
  for (let removed = true; removed;) {
    removed = false;
    forEachLive(mem_cgroup, (m) => {
      if (m === root || cgroup_is_dead(m.css)) return;
      if (cgroup_rmdir(m.css) === 0) removed = true;
    });
  }
}

/** Ends the tasks, as far as they hold anything by themselves. */
function endTasks(): void {
  if (!has("1aacbd354313")) return;
  // Here, since the CPU of a task may be down: the kernel would have moved the task.
  for (let c = 0; c < config.cpus; c++) mem_cgroup_exit(cpu_curr(c));
}

type Drain = (work: unknown) => void;
/** Since c80509ef65e4 (v6.16) in place of drain_local_stock(). */
const drain_local_memcg_stock = prototype<Drain>("drain_local_memcg_stock", 1);
const drain_local_obj_stock = prototype<Drain>("drain_local_obj_stock", 1);

/** Drains all that this CPU has in stock. */
function drainStock(c: number): void {
  if (obj_stock.length === 0) return drain_local_stock(memcg_stock[c].work);
  drain_local_obj_stock(obj_stock[c].work);
  drain_local_memcg_stock(memcg_stock[c].work);
}

/** Drains the stocks of the CPUs that are up. The dead callback must have drained the others. */
function drainStocks(): void {
  for (let c = 0; c < config.cpus; c++) if (isOnline(c)) onBehalfOf(c, () => drainStock(c));
}

/** Free all, remove all, drain all. */
export function finish(): void {
  dropHandles();
  endTasks();
  removeCgroups();
  settleDeferred();
  drainStocks();
  settleDeferred();
}
