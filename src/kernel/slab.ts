/**
 * The allocator — mm/slab_common.c, include/linux/slab.h, mm/percpu.c.
 *
 * MODEL: one slab per type, no slab pages. An allocation fails if the input says so.
 *
 * @module
 */
import { cellOf } from "../machine/layout/lvalue.ts";
import { config } from "../machine/words/config.ts";
import { allocationFails } from "../machine/context/operation.ts";
import { point } from "../machine/memory/point.ts";
import { prim } from "../machine/layout/primitives.ts";
import { kernel } from "../machine/calls/registry.ts";
import { slabAlloc, slabFree, slabFreeAt } from "../machine/memory/slab.ts";
import {
  array,
  type Fields,
  type Lvalue,
  type Struct,
  type StructType,
} from "../machine/memory/struct_type.ts";
import { struct } from "../machine/memory/struct.ts";
import { __GFP_NOFAIL, type gfp_t, gfpflags_allow_blocking } from "./errno.ts";
import { might_sleep } from "./spinlock.ts";

const P_ALLOC = prim("kmalloc");
const P_FREE = prim("kfree");

/** slab_alloc_node(): an object; the caller asks for `cells` cells of it. */
export function slab_alloc_node<T extends Struct>(
  type: StructType<T>,
  gfp: gfp_t,
  zero: boolean,
  cells = type.cells,
): T | null {
  if (gfpflags_allow_blocking(gfp)) might_sleep();
  point(P_ALLOC, 0);
  if (allocationFails() && !(gfp & __GFP_NOFAIL)) return null;
  return slabAlloc(type, zero, cells);
}

/** kzalloc(sizeof(struct type), gfp) */
export function kzalloc<T extends Struct>(type: StructType<T>, gfp: gfp_t): T | null {
  return slab_alloc_node(type, gfp, true);
}

/** kmalloc(sizeof(struct type), gfp): the content is undefined. */
export function kmalloc<T extends Struct>(type: StructType<T>, gfp: gfp_t): T | null {
  return slab_alloc_node(type, gfp, false);
}

/** An allocation that can fail, for memory that the model does not use. */
export function kmalloc_may_fail(gfp: gfp_t): boolean {
  if (gfpflags_allow_blocking(gfp)) might_sleep();
  point(P_ALLOC, 0);
  return !allocationFails() || (gfp & __GFP_NOFAIL) !== 0;
}

/** kfree() of an object, or of the object at an address. NULL is allowed. Context: any but NMI. */
export const kfree = kernel("kfree", (p: Struct | Lvalue<number> | null): void => {
  if (p === null) return;
  if (typeof p === "number") {
    point(P_FREE, cellOf(p));
    return slabFreeAt(cellOf(p));
  }
  point(P_FREE, p.a);
  slabFree(p);
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
