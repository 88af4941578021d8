/**
 * Reference counts that saturate — include/linux/refcount.h, lib/refcount.c.
 *
 * A count that overflows, rises from zero or falls below zero is set to REFCOUNT_SATURATED, half
 * way between INT_MIN and zero, and stays there. The object leaks; it is not freed while it is in
 * use. The count is set after the addition, so other CPUs see the wrong value for a moment. The
 * distance between the values is large enough for that.
 *
 * @module
 */
import {
  atomic_add_return,
  atomic_read,
  atomic_set,
  atomic_sub_return,
  cmpxchg,
} from "../machine/memory/access.ts";
import { kernel } from "../machine/calls/registry.ts";
import { saturationWarning } from "../machine/hooks/saturation.ts";
import { type Fields, int, type Struct } from "../machine/memory/struct_type.ts";
import { struct } from "../machine/memory/struct.ts";
import {
  type irqflags,
  type mutex,
  mutex_lock,
  mutex_unlock,
  spin_lock,
  spin_lock_irqsave,
  spin_unlock,
  spin_unlock_irqrestore,
  type spinlock_t,
} from "./spinlock.ts";

/** struct refcount_struct */
export interface refcount_t extends Struct, Fields<{ refs: number }> {}
export const refcount_t = struct<refcount_t>("refcount_t", { refs: int });

export const REFCOUNT_MAX = 0x7fffffff;
export const REFCOUNT_SATURATED = -0x40000000;

/** enum refcount_saturation_type */
const REFCOUNT_ADD_NOT_ZERO_OVF = 0;
const REFCOUNT_ADD_OVF = 1;
const REFCOUNT_ADD_UAF = 2;
const REFCOUNT_SUB_UAF = 3;
const REFCOUNT_DEC_LEAK = 4;

/** The warning of each type. */
const WORDS = [
  "saturated; leaking memory",
  "saturated; leaking memory",
  "addition on 0; use-after-free",
  "underflow; use-after-free",
  "decrement hit 0; leaking memory",
] as const;

/** refcount_warn_saturate() */
export const refcount_warn_saturate = kernel(
  "refcount_warn_saturate",
  (r: refcount_t, t: number): void => {
    refcount_set(r, REFCOUNT_SATURATED);
    saturationWarning(r.a, WORDS[t]);
  },
  { inline: true },
);

/** refcount_set() */
export function refcount_set(r: refcount_t, n: number): void {
  atomic_set(r.$refs, n);
}

/** refcount_read() */
export function refcount_read(r: refcount_t): number {
  return atomic_read(r.$refs);
}

/** refcount_add_not_zero(): false if the count is zero. Context: any. */
export function refcount_add_not_zero(i: number, r: refcount_t): boolean {
  let old = refcount_read(r);
  while (old !== 0) {
    const found = cmpxchg(r.$refs, old, (old + i) | 0);
    if (found === old) break;
    old = found;
  }
  if (old < 0 || ((old + i) | 0) < 0) refcount_warn_saturate(r, REFCOUNT_ADD_NOT_ZERO_OVF);
  return old !== 0;
}

/** refcount_inc_not_zero() Context: any. */
export function refcount_inc_not_zero(r: refcount_t): boolean {
  return refcount_add_not_zero(1, r);
}

/** refcount_add() Context: any; the caller owns a reference. */
export function refcount_add(i: number, r: refcount_t): void {
  const now = atomic_add_return(i, r.$refs);
  const old = (now - i) | 0;
  if (old === 0) refcount_warn_saturate(r, REFCOUNT_ADD_UAF);
  else if (old < 0 || now < 0) refcount_warn_saturate(r, REFCOUNT_ADD_OVF);
}

/** refcount_inc() Context: any; the caller owns a reference. */
export function refcount_inc(r: refcount_t): void {
  refcount_add(1, r);
}

/** refcount_sub_and_test(): whether the count is zero now. Context: any. */
export function refcount_sub_and_test(i: number, r: refcount_t): boolean {
  const now = atomic_sub_return(i, r.$refs);
  const old = (now + i) | 0;
  if (old > 0 && old === i) return true;
  if (old <= 0 || now < 0) refcount_warn_saturate(r, REFCOUNT_SUB_UAF);
  return false;
}

/** refcount_dec_and_test() Context: any. */
export function refcount_dec_and_test(r: refcount_t): boolean {
  return refcount_sub_and_test(1, r);
}

/** refcount_dec(): other references must exist. Context: any. */
export function refcount_dec(r: refcount_t): void {
  const old = (atomic_sub_return(1, r.$refs) + 1) | 0;
  if (old <= 1) refcount_warn_saturate(r, REFCOUNT_DEC_LEAK);
}

/** refcount_dec_if_one(): from 1 to 0, or no change. Context: any. */
export function refcount_dec_if_one(r: refcount_t): boolean {
  return cmpxchg<number>(r.$refs, 1, 0) === 1;
}

/** refcount_dec_not_one(): false, and no change, if the count is one. Context: any. */
export const refcount_dec_not_one = kernel("refcount_dec_not_one", (r: refcount_t): boolean => {
  let val = atomic_read(r.$refs);
  for (;;) {
    if (val === REFCOUNT_SATURATED) return true;
    if (val === 1) return false;
    if (val === 0) { // as an unsigned number it would grow
      saturationWarning(r.a, WORDS[REFCOUNT_SUB_UAF]);
      return true;
    }
    const found = cmpxchg(r.$refs, val, (val - 1) | 0);
    if (found === val) return true;
    val = found;
  }
}, { inline: true });

/**
 * refcount_dec_and_mutex_lock(): true, with the lock held, if the count is zero now. Context: may
 * sleep.
 */
export function refcount_dec_and_mutex_lock(r: refcount_t, lock: mutex): boolean {
  if (refcount_dec_not_one(r)) return false;
  mutex_lock(lock);
  if (refcount_dec_and_test(r)) return true;
  mutex_unlock(lock);
  return false;
}

/** refcount_dec_and_lock() Context: any in which the lock may be taken. */
export function refcount_dec_and_lock(r: refcount_t, lock: spinlock_t): boolean {
  if (refcount_dec_not_one(r)) return false;
  spin_lock(lock);
  if (refcount_dec_and_test(r)) return true;
  spin_unlock(lock);
  return false;
}

/**
 * refcount_dec_and_lock_irqsave(): false, or the saved flags with the lock held. The kernel returns
 * the flags through an out-parameter.
 */
export function refcount_dec_and_lock_irqsave(r: refcount_t, lock: spinlock_t): irqflags | false {
  if (refcount_dec_not_one(r)) return false;
  const flags = spin_lock_irqsave(lock);
  if (refcount_dec_and_test(r)) return flags;
  spin_unlock_irqrestore(lock, flags);
  return false;
}
