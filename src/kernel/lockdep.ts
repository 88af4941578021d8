/**
 * Assertions about held locks — include/linux/lockdep.h.
 *
 * @module
 */
import { holdsLock } from "../machine/locks/lock.ts";
import { WARN_ON } from "../machine/findings/warn.ts";
import type { Struct } from "../machine/memory/struct_type.ts";

/** lockdep_is_held() */
export function lockdep_is_held(lock: Struct): boolean {
  return holdsLock(lock.a);
}

/** lockdep_assert_held(): this CPU holds the lock, for reading or for writing. */
export function lockdep_assert_held(lock: Struct): void {
  WARN_ON(!holdsLock(lock.a), "lockdep_assert_held: the lock is not held");
}

/** lockdep_assert_not_held() */
export function lockdep_assert_not_held(lock: Struct): void {
  WARN_ON(holdsLock(lock.a), "lockdep_assert_not_held: the lock is held");
}
