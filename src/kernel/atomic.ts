/**
 * Atomic operations with a named memory order — include/linux/atomic/atomic-arch-fallback.h,
 * include/asm-generic/bitops.
 *
 * machine/memory/access.ts has the operations without a suffix. Those that return a value are fully
 * ordered; those that return nothing are not ordered (Documentation/atomic_t.txt).
 *
 * @module
 */
import { add, compareExchange, exchange, get, put } from "../machine/memory/access.ts";
import { changeBits } from "../machine/memory/bits.ts";
import { ACQUIRE, FULL, RELAXED, RELEASE } from "../machine/layout/order.ts";
import { prim } from "../machine/layout/primitives.ts";
import type { Lvalue } from "../machine/memory/struct_type.ts";

type atomic_t = Lvalue<number>;

const P_ADD = prim("atomic_add_return");
const P_READ = prim("atomic_read");
const P_SET = prim("atomic_set");
const P_BIT = prim("test_and_set_bit");

/** atomic_read_acquire() */
export const atomic_read_acquire = (v: atomic_t) => get(P_READ, v, ACQUIRE);
/** atomic_set_release() */
export const atomic_set_release = (v: atomic_t, i: number) => put(P_SET, v, i, RELEASE);

/** atomic_add_return_acquire() */
export const atomic_add_return_acquire = (i: number, v: atomic_t) => add(P_ADD, v, i, ACQUIRE);
/** atomic_add_return_release() */
export const atomic_add_return_release = (i: number, v: atomic_t) => add(P_ADD, v, i, RELEASE);
/** atomic_add_return_relaxed() */
export const atomic_add_return_relaxed = (i: number, v: atomic_t) => add(P_ADD, v, i, RELAXED);

/** atomic_fetch_add(): returns the old value. */
export const atomic_fetch_add = (i: number, v: atomic_t) => (add(P_ADD, v, i, FULL) - i) | 0;
/** atomic_fetch_add_acquire() */
export const atomic_fetch_add_acquire = (i: number, v: atomic_t) =>
  (add(P_ADD, v, i, ACQUIRE) - i) | 0;
/** atomic_fetch_add_release() */
export const atomic_fetch_add_release = (i: number, v: atomic_t) =>
  (add(P_ADD, v, i, RELEASE) - i) | 0;
/** atomic_fetch_add_relaxed() */
export const atomic_fetch_add_relaxed = (i: number, v: atomic_t) =>
  (add(P_ADD, v, i, RELAXED) - i) | 0;

/** xchg_acquire() */
export const xchg_acquire = <T>(v: Lvalue<T>, n: T) => exchange(v, n, ACQUIRE);
/** xchg_release() */
export const xchg_release = <T>(v: Lvalue<T>, n: T) => exchange(v, n, RELEASE);
/** xchg_relaxed() */
export const xchg_relaxed = <T>(v: Lvalue<T>, n: T) => exchange(v, n, RELAXED);

/** cmpxchg_acquire() */
export const cmpxchg_acquire = <T>(v: Lvalue<T>, o: T, n: T) => compareExchange(v, o, n, ACQUIRE);
/** cmpxchg_release() */
export const cmpxchg_release = <T>(v: Lvalue<T>, o: T, n: T) => compareExchange(v, o, n, RELEASE);
/** cmpxchg_relaxed() */
export const cmpxchg_relaxed = <T>(v: Lvalue<T>, o: T, n: T) => compareExchange(v, o, n, RELAXED);

/** test_and_clear_bit(): whether the bit was set. */
export const test_and_clear_bit = (bit: number, v: atomic_t) =>
  ((changeBits(P_BIT, v, ~(1 << bit), 0, FULL) >> bit) & 1) !== 0;
/** test_and_change_bit(): whether the bit was set. */
export const test_and_change_bit = (bit: number, v: atomic_t) =>
  ((changeBits(P_BIT, v, -1, 1 << bit, FULL) >> bit) & 1) !== 0;
/** clear_bit_unlock(), with release order. */
export const clear_bit_unlock = (bit: number, v: atomic_t) =>
  void changeBits(P_BIT, v, ~(1 << bit), 0, RELEASE);
/** xor_unlock_is_negative_byte(), with release order: whether bit 7 was set. */
export const xor_unlock_is_negative_byte = (mask: number, v: atomic_t) =>
  (changeBits(P_BIT, v, -1, mask, RELEASE) & 0x80) !== 0;

/**
 * __clear_bit_unlock(): clear_bit_unlock() for a word that nobody else changes at the same time.
 */
export function __clear_bit_unlock(bit: number, v: atomic_t): void {
  put(P_SET, v, get(P_READ, v) & ~(1 << bit), RELEASE);
}
