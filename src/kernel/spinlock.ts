/**
 * Spinlocks — include/linux/spinlock.h, kernel/locking/spinlock.c, kernel/locking/spinlock_rt.c.
 *
 * With `--preempt rt`, spinlocks are sleeping locks and leave interrupts on, as in the PREEMPT_RT
 * trees. A held sleeping spinlock is an RCU read-side section since v5.15, when PREEMPT_RT came into
 * the kernel; in the trees before it is none.
 *
 * @module
 */
import {
  bhDisable,
  bhEnable,
  irqDisable,
  irqEnable,
  irqRestore,
  irqSave,
} from "../machine/context/irqflags.ts";
import { lockAcquire, lockInit, lockRelease, lockTry } from "../machine/locks/lock.ts";
import {
  defineLocks,
  lockClass,
  type LockKind,
  lockType,
  WAIT_CONFIG,
} from "../machine/locks/lock_class.ts";
import { prim } from "../machine/layout/primitives.ts";
import { type Fields, int, type Struct } from "../machine/memory/struct_type.ts";
import { struct } from "../machine/memory/struct.ts";
import type { irqflags } from "./irqflags.ts";
import { is_rt, lock_section_begin, lock_section_end, lock_section_taken } from "./preempt.ts";

export * from "./irqflags.ts";
export * from "./local_lock.ts";
export * from "./lockdep.ts";
export * from "./mutex.ts";
export * from "./preempt.ts";

/** spinlock_t */
export interface spinlock_t extends Struct, Fields<{ lock: number }> {}
export const spinlock_t = struct<spinlock_t>("spinlock_t", { lock: int });
const KIND: LockKind = { wait: WAIT_CONFIG };
lockType(spinlock_t, KIND);

const P = {
  lock: prim("spin_lock"),
  unlock: prim("spin_unlock"),
  trylock: prim("spin_trylock"),
};

/** SINGLE_DEPTH_NESTING: the subclass of a lock that is taken inside another lock of its class. */
export const SINGLE_DEPTH_NESTING = 1;

/** DEFINE_SPINLOCK() */
export function DEFINE_SPINLOCK(name: string): spinlock_t {
  return DEFINE_SPINLOCKS(name, 1)[0];
}

/** `n` spinlocks of one lock class: the code initialises them at the same place. */
export function DEFINE_SPINLOCKS(name: string, n: number): spinlock_t[] {
  return defineLocks<spinlock_t>(name, { lock: int }, n, KIND);
}

/** spin_lock_init() */
export function spin_lock_init(lock: spinlock_t): void {
  lockInit(lock.a, lockClass(lock));
  lock.lock = 0;
}

/** spin_lock_nested() */
export function spin_lock_nested(lock: spinlock_t, subclass: number): void {
  const rt = is_rt();
  lock_section_begin(rt);
  lockAcquire(P.lock, lock.a, lockClass(lock) + subclass, rt);
  lock_section_taken(rt);
}

/** spin_lock() */
export function spin_lock(lock: spinlock_t): void {
  spin_lock_nested(lock, 0);
}

/** spin_unlock() */
export function spin_unlock(lock: spinlock_t): void {
  lockRelease(P.unlock, lock.a, lockClass(lock));
  lock_section_end(is_rt());
}

/** spin_trylock() */
export function spin_trylock(lock: spinlock_t): boolean {
  if (!lockTry(P.trylock, lock.a, lockClass(lock))) return false;
  lock_section_begin(is_rt());
  lock_section_taken(is_rt());
  return true;
}

/** spin_lock_irqsave(): with PREEMPT_RT interrupts stay on. */
export function spin_lock_irqsave(lock: spinlock_t): irqflags {
  const flags = is_rt() ? 0 : irqSave();
  spin_lock(lock);
  return flags;
}

/** spin_lock_irqsave_nested() */
export function spin_lock_irqsave_nested(lock: spinlock_t, subclass: number): irqflags {
  const flags = is_rt() ? 0 : irqSave();
  spin_lock_nested(lock, subclass);
  return flags;
}

/** spin_unlock_irqrestore() */
export function spin_unlock_irqrestore(lock: spinlock_t, flags: irqflags): void {
  spin_unlock(lock);
  if (!is_rt()) irqRestore(flags);
}

/** spin_trylock_irqsave(): the flags, or null if the lock is taken. */
export function spin_trylock_irqsave(lock: spinlock_t): irqflags | null {
  const flags = is_rt() ? 0 : irqSave();
  if (spin_trylock(lock)) return flags;
  if (!is_rt()) irqRestore(flags);
  return null;
}

/** spin_lock_irq(): the caller knows that interrupts are on. */
export function spin_lock_irq(lock: spinlock_t): void {
  if (!is_rt()) irqDisable();
  spin_lock(lock);
}

/** spin_unlock_irq(): turns interrupts on, whatever they were before. */
export function spin_unlock_irq(lock: spinlock_t): void {
  spin_unlock(lock);
  if (!is_rt()) irqEnable();
}

/** spin_lock_bh() */
export function spin_lock_bh(lock: spinlock_t): void {
  bhDisable();
  spin_lock(lock);
}

/** spin_unlock_bh() */
export function spin_unlock_bh(lock: spinlock_t): void {
  spin_unlock(lock);
  bhEnable();
}

/** spin_trylock_bh() */
export function spin_trylock_bh(lock: spinlock_t): boolean {
  bhDisable();
  if (spin_trylock(lock)) return true;
  bhEnable();
  return false;
}
