/**
 * The types of all kernel functions, by their names: what a patch is checked against.
 *
 * Only types are imported here, so that nothing is loaded.
 *
 * @module
 */

type Exports =
  & typeof import("./blk-mq.ts")
  & typeof import("./cgroup-root.ts")
  & typeof import("./cgroup.ts")
  & typeof import("./cpu.ts")
  & typeof import("./exit.ts")
  & typeof import("./freezer.ts")
  & typeof import("./idr.ts")
  & typeof import("./kmalloc.ts")
  & typeof import("./kmem_cache.ts")
  & typeof import("./memcontrol-css.ts")
  & typeof import("./memcontrol-hierarchy.ts")
  & typeof import("./memcontrol-id.ts")
  & typeof import("./memcontrol-iter.ts")
  & typeof import("./memcontrol-objcg.ts")
  & typeof import("./memcontrol.ts")
  & typeof import("./mempool.ts")
  & typeof import("./page_counter.ts")
  & typeof import("./percpu-refcount.ts")
  & typeof import("./random.ts")
  & typeof import("./rcu.ts")
  & typeof import("./refcount.ts")
  & typeof import("./sched.ts")
  & typeof import("./signal.ts")
  & typeof import("./slab-hooks.ts")
  & typeof import("./slab.ts")
  & typeof import("./string.ts")
  & typeof import("./timer.ts")
  & typeof import("./work-on-cpu.ts")
  & typeof import("./workqueue.ts");

// deno-lint-ignore no-explicit-any
type AnyFunction = (...args: any[]) => unknown;

/** Every function that the kernel's files export. */
export type KernelFunctions = {
  readonly [Name in keyof Exports as Exports[Name] extends AnyFunction ? Name : never]:
    Exports[Name];
};
