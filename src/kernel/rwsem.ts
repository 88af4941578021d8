/**
 * Reader-writer semaphores — include/linux/rwsem.h, kernel/locking/rwsem.c.
 *
 * Readers queue behind waiting writers, so a task that takes the lock for reading twice can
 * deadlock. MODEL: a reader never overtakes a waiting writer, and no task spins while the owner
 * runs.
 *
 * @module
 */
import { lockInit } from "../machine/locks/lock.ts";
import {
  defineLocks,
  lockClass,
  type LockKind,
  lockType,
  WAIT_SLEEP,
} from "../machine/locks/lock_class.ts";
import { prim } from "../machine/layout/primitives.ts";
import {
  readAcquire,
  readRelease,
  readTry,
  writeAcquire,
  writeDowngrade,
  writeRelease,
  writeTry,
} from "../machine/locks/shared_lock.ts";
import { type Fields, int, type Struct } from "../machine/memory/struct_type.ts";
import { struct } from "../machine/memory/struct.ts";
import { might_sleep } from "./preempt.ts";

/** struct rw_semaphore */
export interface rw_semaphore extends Struct, Fields<{ count: number }> {}
export const rw_semaphore = struct<rw_semaphore>("rw_semaphore", { count: int });
const KIND: LockKind = { wait: WAIT_SLEEP };
lockType(rw_semaphore, KIND);

const P = {
  read: prim("down_read"),
  up: prim("up_read"),
  readTry: prim("down_read_trylock"),
  write: prim("down_write"),
  upWrite: prim("up_write"),
  writeTry: prim("down_write_trylock"),
  downgrade: prim("downgrade_write"),
};

/** DECLARE_RWSEM() */
export function DECLARE_RWSEM(name: string): rw_semaphore {
  return DECLARE_RWSEMS(name, 1)[0];
}

/** `n` semaphores of one lock class: the code initialises them at the same place. */
export function DECLARE_RWSEMS(name: string, n: number): rw_semaphore[] {
  return defineLocks<rw_semaphore>(name, { count: int }, n, KIND);
}

/** init_rwsem() */
export function init_rwsem(sem: rw_semaphore): void {
  lockInit(sem.a, lockClass(sem));
  sem.count = 0;
}

/** down_read_nested() Context: may sleep. */
export function down_read_nested(sem: rw_semaphore, subclass: number): void {
  might_sleep();
  readAcquire(P.read, sem.a, lockClass(sem) + subclass, true, true, false);
}

/** down_read() Context: may sleep. */
export function down_read(sem: rw_semaphore): void {
  down_read_nested(sem, 0);
}

/** down_read_trylock() */
export function down_read_trylock(sem: rw_semaphore): boolean {
  return readTry(P.readTry, sem.a, lockClass(sem), 0);
}

/** up_read() */
export function up_read(sem: rw_semaphore): void {
  readRelease(P.up, sem.a, lockClass(sem));
}

/** down_write_nested() Context: may sleep. */
export function down_write_nested(sem: rw_semaphore, subclass: number): void {
  might_sleep();
  writeAcquire(P.write, sem.a, lockClass(sem) + subclass, true);
}

/** down_write() Context: may sleep. */
export function down_write(sem: rw_semaphore): void {
  down_write_nested(sem, 0);
}

/** down_write_trylock() */
export function down_write_trylock(sem: rw_semaphore): boolean {
  return writeTry(P.writeTry, sem.a, lockClass(sem));
}

/** up_write() */
export function up_write(sem: rw_semaphore): void {
  writeRelease(P.upWrite, sem.a, lockClass(sem));
}

/** downgrade_write(): the writer becomes a reader. */
export function downgrade_write(sem: rw_semaphore): void {
  writeDowngrade(P.downgrade, sem.a, lockClass(sem));
}
