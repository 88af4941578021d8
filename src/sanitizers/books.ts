/**
 * Whether the books of accounting are closed. The laws of accounting need hold only then.
 *
 * In the middle of a charge, pages are counted that no object has yet. It would be hard to follow
 * these pages through every version of the code. Therefore a law is judged only when no CPU is
 * inside a function that moves bytes, pages, references or cgroups: always at quiescence, and with
 * `--every-step` also at every point at which no CPU is in such a function.
 *
 * @module
 */
import * as cpuWords from "../machine/layout/cpus.ts";
import * as registers from "../machine/layout/registers.ts";
import * as sizes from "../machine/layout/sizes.ts";
import { views } from "../machine/words/arena.ts";
import { keptWords } from "../machine/words/ghost_words.ts";
import { tap } from "../machine/calls/registry.ts";

const { ctl, ghost } = views();
const { NCPUS } = cpuWords;
const { regs, CPU } = registers;
const { CPUS_MAX } = sizes;

/** Per CPU: nesting of functions inside which the books are open. */
const OPEN = keptWords("books", CPUS_MAX);
/** The same for functions that drop references. */
const DROPPING = keptWords("droppers", CPUS_MAX);

/**
 * Entry points of the memory controller that open the books. Functions that they call need no
 * entry.
 */
const FUNCTIONS = [
  "obj_cgroup_charge",
  "obj_cgroup_uncharge",
  "obj_cgroup_put",
  "obj_cgroup_release",
  "refill_obj_stock",
  "drain_obj_stock",
  "drain_stock",
  "drain_local_stock",
  "drain_local_memcg_stock",
  "drain_local_obj_stock",
  "drain_all_stock",
  "refill_stock",
  "consume_stock",
  "consume_obj_stock",
  "try_charge",
  "__memcg_kmem_charge_page",
  "__memcg_kmem_uncharge_page",
  "kmem_cache_alloc",
  "kmem_cache_alloc_node",
  "kmem_cache_alloc_lru",
  "kmem_cache_free",
  "kfree_nolock",
  "kfree_bulk",
  "alloc_kmem_pages",
  "free_kmem_pages",
  "memcg_reparent_objcgs",
  "memcg_hotplug_cpu_dead",
  "memcg_hotplug_cpu_dead_vmstats",
  "css_create",
  "css_killed_work_fn",
  "css_free_rwork_fn",
  "percpu_ref_switch_to_atomic_rcu",
];

/**
 * Functions inside which a reference may already be gone while its holder is still there. Whoever takes
 * a reference does so before it holds anything, so all other functions only have too many.
 */
const DROPPERS = [
  "obj_cgroup_release",
  "drain_obj_stock",
  "drain_stock",
  "offline_css",
  "css_create",
  "kill_css",
  "css_free_rwork_fn",
  "percpu_ref_switch_to_atomic_rcu",
  "cgroup_attach_task",
  "mem_cgroup_exit",
];

let watching = false;

/** Count on each CPU the calls of functions that are running. */
function watch(names: readonly string[], words: number): void {
  const open = () => void ghost[words + regs[CPU]]++;
  const close = () => void ghost[words + regs[CPU]]--;
  for (const name of names) tap(name, open, close);
}

/** Count how many functions have the books open. */
export function watchBooks(): void {
  if (watching) return;
  watching = true;
  watch(FUNCTIONS, OPEN);
  watch(DROPPERS, DROPPING);
}

function areZero(words: number): boolean {
  for (let c = 0; c < ctl[NCPUS]; c++) if (ghost[words + c] !== 0) return false;
  return true;
}

/** Whether no CPU is in the middle of accounting. */
export function booksClosed(): boolean {
  return areZero(OPEN);
}

/** Whether every holder has a reference. */
export function holdersSettled(): boolean {
  return areZero(DROPPING);
}
