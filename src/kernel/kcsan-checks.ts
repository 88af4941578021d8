/**
 * Annotations for KCSAN — include/linux/kcsan-checks.h, include/linux/compiler.h,
 * include/linux/kcsan.h.
 *
 * @module
 */
import { cellOf } from "../machine/layout/lvalue.ts";
import { atomicRegion, mute } from "../machine/clocks/clock.ts";
import { claim, endClaim, wideAccess } from "../machine/clocks/clock_cells.ts";
import type { Lvalue, Struct } from "../machine/memory/struct_type.ts";

/** kcsan_disable_current(): KCSAN ignores all accesses until the counterpart. */
export function kcsan_disable_current(): void {
  mute(true);
}

/** kcsan_enable_current() */
export function kcsan_enable_current(): void {
  mute(false);
}

/** kcsan_nestable_atomic_begin(): until the counterpart, plain accesses count as marked. */
export function kcsan_nestable_atomic_begin(): void {
  atomicRegion(true);
}

/** kcsan_nestable_atomic_end() */
export function kcsan_nestable_atomic_end(): void {
  atomicRegion(false);
}

/** data_race(): the accesses in the expression may race. */
export function data_race<T>(expression: () => T): T {
  kcsan_disable_current();
  const value = expression();
  kcsan_enable_current();
  return value;
}

/** __no_kcsan: the function's own accesses are not instrumented. */
export function __no_kcsan<A extends unknown[], R>(f: (...args: A) => R): (...args: A) => R {
  return (...args) => data_race(() => f(...args));
}

/** kcsan_check_read() of a whole structure, or of `cells` cells. With 0 cells it is no access. */
export function kcsan_check_read(o: Struct, cells = o.type.cells): void {
  for (let i = 0; i < cells; i++) wideAccess(o.a + 2 * i, false);
}

/** kcsan_check_write() */
export function kcsan_check_write(o: Struct, cells = o.type.cells): void {
  for (let i = 0; i < cells; i++) wideAccess(o.a + 2 * i, true);
}

/** ASSERT_EXCLUSIVE_WRITER(): nobody else writes the cell now, marked or not. */
export function ASSERT_EXCLUSIVE_WRITER(v: Lvalue<unknown>): void {
  claim(cellOf(v), false, 0);
}

/** ASSERT_EXCLUSIVE_ACCESS(): nobody else reads or writes the cell now. */
export function ASSERT_EXCLUSIVE_ACCESS(v: Lvalue<unknown>): void {
  claim(cellOf(v), true, 0);
}

/** ASSERT_EXCLUSIVE_BITS(): nobody else changes these bits of the cell now. */
export function ASSERT_EXCLUSIVE_BITS(v: Lvalue<number>, mask: number): void {
  claim(cellOf(v), false, mask);
}

/** ASSERT_EXCLUSIVE_WRITER_SCOPED(): the same while `body` runs. */
export function ASSERT_EXCLUSIVE_WRITER_SCOPED(v: Lvalue<unknown>, body: () => void): void {
  claim(cellOf(v), false, 0, true);
  body();
  endClaim(cellOf(v));
}

/** ASSERT_EXCLUSIVE_ACCESS_SCOPED() */
export function ASSERT_EXCLUSIVE_ACCESS_SCOPED(v: Lvalue<unknown>, body: () => void): void {
  claim(cellOf(v), true, 0, true);
  body();
  endClaim(cellOf(v));
}
