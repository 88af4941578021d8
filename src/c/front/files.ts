/**
 * The files of a tree that are read: those with the memory controller's functions, and those with the
 * types that they use.
 *
 * A name that two files define is that of the earlier one here.
 *
 * @module
 */

/** A file, and whether every tree has it. */
export interface TreeFile {
  readonly path: string;
  readonly needed: boolean;
  /** Whether its functions are translated; of the others only types and constants are read. */
  readonly functions: boolean;
}

const NEEDED = [
  "mm/memcontrol.c",
  "include/linux/memcontrol.h",
  "mm/page_counter.c",
  "include/linux/page_counter.h",
  "lib/percpu-refcount.c",
  "include/linux/percpu-refcount.h",
  "kernel/cgroup/cgroup.c",
  "include/linux/cgroup.h",
  "include/linux/cgroup-defs.h",
  "mm/slab.h",
];
/** Not in every version. */
const WANTED = ["include/linux/cgroup_refcnt.h"];
/** For names of types and constants. */
const TYPES = [
  "include/linux/sched.h",
  "include/linux/gfp.h",
  "include/linux/gfp_types.h",
  "include/linux/mm_types.h",
  "include/linux/mmzone.h",
  "include/linux/types.h",
  "include/linux/workqueue.h",
  "include/linux/workqueue_types.h",
  "include/linux/sched/mm.h",
  "include/linux/swap.h",
];

export const FILES: readonly TreeFile[] = [
  ...NEEDED.map((path) => ({ path, needed: true, functions: true })),
  ...WANTED.map((path) => ({ path, needed: false, functions: true })),
  ...TYPES.map((path) => ({ path, needed: false, functions: false })),
];
