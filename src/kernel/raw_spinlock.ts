/**
 * Raw spinlocks — include/linux/spinlock.h, kernel/locking/spinlock.c.
 *
 * They spin with every preemption model. So a lock that sleeps with PREEMPT_RT must not be taken
 * inside.
 *
 * @module
 */
import { irqDisable, irqEnable, irqRestore, irqSave } from "../machine/context/irqflags.ts";
import { lockAcquire, lockInit, lockRelease, lockTry } from "../machine/locks/lock.ts";
import {
  defineLocks,
  lockClass,
  type LockKind,
  lockType,
  WAIT_SPIN,
} from "../machine/locks/lock_class.ts";
import { prim } from "../machine/layout/primitives.ts";
import { type Fields, int, type Struct } from "../machine/memory/struct_type.ts";
import { struct } from "../machine/memory/struct.ts";
import type { irqflags } from "./irqflags.ts";
import { preempt_count_dec, preempt_count_inc } from "./preempt.ts";

/** raw_spinlock_t */
export interface raw_spinlock_t extends Struct, Fields<{ raw_lock: number }> {}
export const raw_spinlock_t = struct<raw_spinlock_t>("raw_spinlock_t", { raw_lock: int });
const KIND: LockKind = { wait: WAIT_SPIN };
lockType(raw_spinlock_t, KIND);

const P = {
  lock: prim("raw_spin_lock"),
  unlock: prim("raw_spin_unlock"),
  trylock: prim("raw_spin_trylock"),
};

/** DEFINE_RAW_SPINLOCK() */
export function DEFINE_RAW_SPINLOCK(name: string): raw_spinlock_t {
  return defineLocks<raw_spinlock_t>(name, { raw_lock: int }, 1, KIND)[0];
}

/** raw_spin_lock_init() */
export function raw_spin_lock_init(lock: raw_spinlock_t): void {
  lockInit(lock.a, lockClass(lock));
  lock.raw_lock = 0;
}

/** raw_spin_lock_nested() */
export function raw_spin_lock_nested(lock: raw_spinlock_t, subclass: number): void {
  preempt_count_inc();
  lockAcquire(P.lock, lock.a, lockClass(lock) + subclass, false);
}

/** raw_spin_lock() */
export function raw_spin_lock(lock: raw_spinlock_t): void {
  raw_spin_lock_nested(lock, 0);
}

/** raw_spin_unlock() */
export function raw_spin_unlock(lock: raw_spinlock_t): void {
  lockRelease(P.unlock, lock.a, lockClass(lock));
  preempt_count_dec();
}

/** raw_spin_trylock() */
export function raw_spin_trylock(lock: raw_spinlock_t): boolean {
  if (!lockTry(P.trylock, lock.a, lockClass(lock))) return false;
  preempt_count_inc();
  return true;
}

/** raw_spin_lock_irqsave() */
export function raw_spin_lock_irqsave(lock: raw_spinlock_t): irqflags {
  const flags = irqSave();
  raw_spin_lock(lock);
  return flags;
}

/** raw_spin_unlock_irqrestore() */
export function raw_spin_unlock_irqrestore(lock: raw_spinlock_t, flags: irqflags): void {
  raw_spin_unlock(lock);
  irqRestore(flags);
}

/** raw_spin_lock_irq() */
export function raw_spin_lock_irq(lock: raw_spinlock_t): void {
  irqDisable();
  raw_spin_lock(lock);
}

/** raw_spin_unlock_irq() */
export function raw_spin_unlock_irq(lock: raw_spinlock_t): void {
  raw_spin_unlock(lock);
  irqEnable();
}
