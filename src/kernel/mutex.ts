/**
 * Mutexes — include/linux/mutex.h, kernel/locking/mutex.c.
 *
 * @module
 */
import { lockAcquire, lockInit, lockRelease, lockTry } from "../machine/locks/lock.ts";
import {
  defineLocks,
  lockClass,
  type LockKind,
  lockType,
  WAIT_SLEEP,
} from "../machine/locks/lock_class.ts";
import { prim } from "../machine/layout/primitives.ts";
import { type Fields, int, type Struct } from "../machine/memory/struct_type.ts";
import { struct } from "../machine/memory/struct.ts";
import { might_sleep } from "./preempt.ts";

/** struct mutex */
export interface mutex extends Struct, Fields<{ owner: number }> {}
export const mutex = struct<mutex>("mutex", { owner: int });
const KIND: LockKind = { wait: WAIT_SLEEP };
lockType(mutex, KIND);

const P = {
  lock: prim("mutex_lock"),
  unlock: prim("mutex_unlock"),
  trylock: prim("mutex_trylock"),
};

/** DEFINE_MUTEX() */
export function DEFINE_MUTEX(name: string): mutex {
  return DEFINE_MUTEXES(name, 1)[0];
}

/** `n` mutexes of one lock class: the code initialises them at the same place. */
export function DEFINE_MUTEXES(name: string, n: number): mutex[] {
  return defineLocks<mutex>(name, { owner: int }, n, KIND);
}

/** mutex_init() */
export function mutex_init(lock: mutex): void {
  lockInit(lock.a, lockClass(lock));
  lock.owner = 0;
}

/** mutex_lock_nested() Context: may sleep. */
export function mutex_lock_nested(lock: mutex, subclass: number): void {
  might_sleep();
  lockAcquire(P.lock, lock.a, lockClass(lock) + subclass, true);
}

/** mutex_lock() Context: may sleep. */
export function mutex_lock(lock: mutex): void {
  mutex_lock_nested(lock, 0);
}

/** mutex_unlock() */
export function mutex_unlock(lock: mutex): void {
  lockRelease(P.unlock, lock.a, lockClass(lock));
}

/** mutex_trylock() */
export function mutex_trylock(lock: mutex): boolean {
  return lockTry(P.trylock, lock.a, lockClass(lock));
}
