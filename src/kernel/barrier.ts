/**
 * Memory barriers — include/asm-generic/barrier.h.
 *
 * This machine reorders nothing. A barrier is a schedule point, and an edge for KCSAN. Barriers for
 * DMA and for uniprocessors are the same functions here.
 *
 * @module
 */
import { views } from "../machine/words/arena.ts";
import { fence, fenceReads, fenceWrites } from "../machine/clocks/clock.ts";
import { WRITE_ONCE } from "../machine/memory/access.ts";
import { point } from "../machine/memory/point.ts";
import { prim } from "../machine/layout/primitives.ts";
import type { Lvalue } from "../machine/memory/struct_type.ts";

const { KCSAN } = views();

const P_MB = prim("smp_mb");
const P_RMB = prim("smp_rmb");
const P_WMB = prim("smp_wmb");

/** smp_mb(): orders earlier accesses before later accesses. */
export function smp_mb(): void {
  point(P_MB, 0);
  if (KCSAN) fence();
}

/** smp_rmb(): orders earlier reads before later reads. */
export function smp_rmb(): void {
  point(P_RMB, 0);
  if (KCSAN) fenceReads();
}

/** smp_wmb(): orders earlier writes before later writes. */
export function smp_wmb(): void {
  point(P_WMB, 0);
  if (KCSAN) fenceWrites();
}

export const mb = smp_mb;
export const rmb = smp_rmb;
export const wmb = smp_wmb;
export const dma_rmb = smp_rmb;
export const dma_wmb = smp_wmb;
/**
 * smp_mb__before_atomic(), smp_mb__after_atomic(): they make a relaxed operation a full barrier.
 */
export const smp_mb__before_atomic = smp_mb;
export const smp_mb__after_atomic = smp_mb;
/** smp_mb__after_spinlock() */
export const smp_mb__after_spinlock = smp_mb;

/** smp_store_mb(): a store and a barrier. */
export function smp_store_mb<T>(lv: Lvalue<T>, v: T): void {
  WRITE_ONCE(lv, v);
  smp_mb();
}
