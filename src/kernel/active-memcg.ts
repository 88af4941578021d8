/**
 * Charging on behalf of another cgroup — include/linux/sched/mm.h, mm/memcontrol.c.
 *
 * A task names the cgroup in its task_struct; since 37d5985c003d (v5.10) an interrupt does so too, in
 * a variable of its CPU. Whoever names one holds a reference to it.
 *
 * @module
 */
import { context } from "../machine/context/interrupt.ts";
import { statics } from "../machine/memory/struct.ts";
import { type Fields, type Ptr, ptr, type Struct } from "../machine/memory/struct_type.ts";
import { config } from "../machine/words/config.ts";
import { TASK } from "../machine/layout/contexts.ts";
import { type mem_cgroup, this_cpu_ptr } from "./memcontrol-types.ts";
import { current } from "./sched.ts";
import { has } from "./version.ts";

interface active_memcg_var extends Struct, Fields<{ memcg: Ptr<mem_cgroup> }> {}
/** DEFINE_PER_CPU(struct mem_cgroup *, int_active_memcg) */
const int_active_memcg = has("37d5985c003d")
  ? statics<active_memcg_var>("int_active_memcg", { memcg: ptr }, config.cpus)
  : [];

/** Whether it is an interrupt that charges, and can say for whom. */
function isInterrupt(): boolean {
  return int_active_memcg.length > 0 && context() !== TASK;
}

/** active_memcg(): whom to charge instead of the task's own; NULL if nobody was named. */
export function active_memcg(): mem_cgroup | null {
  if (isInterrupt()) return this_cpu_ptr(int_active_memcg).memcg;
  return current().active_memcg as mem_cgroup | null;
}

/** set_active_memcg(): name a cgroup; returns what was named before. */
export function set_active_memcg(memcg: mem_cgroup): mem_cgroup | null {
  const old = active_memcg();
  reset_active_memcg(memcg);
  return old;
}

/** The same, where nobody asks what was named before. */
export function reset_active_memcg(memcg: mem_cgroup | null): void {
  if (isInterrupt()) this_cpu_ptr(int_active_memcg).memcg = memcg;
  else current().active_memcg = memcg;
}
