/**
 * The allocator — mm/slab_common.c, include/linux/slab.h, mm/percpu.c.
 *
 * MODEL: one slab per type, no slab pages; a failure happens where the input says so.
 *
 * @module
 */
import { config } from "../machine/config.ts";
import { allocationFails } from "../machine/operation.ts";
import { point } from "../machine/point.ts";
import { prim } from "../machine/primitives.ts";
import { kernel } from "../machine/registry.ts";
import { slabAlloc, slabFree } from "../machine/slab.ts";
import { array, type Fields, type Struct, struct, type StructType } from "../machine/struct.ts";
import { type gfp_t, gfpflags_allow_blocking } from "./errno.ts";
import { might_sleep } from "./spinlock.ts";

const P_ALLOC = prim("kmalloc");
const P_FREE = prim("kfree");

function alloc<T extends Struct>(type: StructType<T>, gfp: gfp_t, zero: boolean): T | null {
  if (gfpflags_allow_blocking(gfp)) might_sleep();
  point(P_ALLOC, 0);
  if (allocationFails()) return null;
  return slabAlloc(type, zero);
}

/** kzalloc(sizeof(struct type), gfp) */
export function kzalloc<T extends Struct>(type: StructType<T>, gfp: gfp_t): T | null {
  return alloc(type, gfp, true);
}

/** kmalloc(sizeof(struct type), gfp): what it holds is not defined. */
export function kmalloc<T extends Struct>(type: StructType<T>, gfp: gfp_t): T | null {
  return alloc(type, gfp, false);
}

/** An allocation that the model does not otherwise need, but that can fail. */
export function kmalloc_may_fail(gfp: gfp_t): boolean {
  if (gfpflags_allow_blocking(gfp)) might_sleep();
  point(P_ALLOC, 0);
  return !allocationFails();
}

/** kfree(); NULL is allowed. Context: any but NMI. */
export const kfree = kernel("kfree", (o: Struct | null): void => {
  if (o === null) return;
  point(P_FREE, o.a);
  slabFree(o);
}, { inline: true });

/** A percpu allocation of one counter per CPU — mm/percpu.c */
export interface percpu_counters extends Struct, Fields<{ c: number }> {}
export const percpu_counters = struct<percpu_counters>(
  "percpu_counters",
  { c: array(config.cpus) },
  80,
);

/** alloc_percpu_gfp(): zeroed. */
export function alloc_percpu(gfp: gfp_t): percpu_counters | null {
  return kzalloc(percpu_counters, gfp);
}

/** free_percpu(); NULL is allowed. */
export function free_percpu(p: percpu_counters | null): void {
  kfree(p);
}
