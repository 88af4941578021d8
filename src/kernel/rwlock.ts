/**
 * Reader-writer locks that spin — include/linux/rwlock.h, kernel/locking/qrwlock.c,
 * kernel/locking/spinlock_rt.c.
 *
 * These are queued rwlocks: a reader waits behind a waiting writer, except in an interrupt. So a
 * reader is recursive for lockdep only in an interrupt, or if a test forces it.
 *
 * @module
 */
import { BH_OFF, IN_CONTEXTS } from "../machine/layout/contexts.ts";
import { HOW_RECURSIVE } from "../machine/layout/lock_word.ts";
import { BLOCK, regs } from "../machine/layout/registers.ts";
import { views } from "../machine/words/arena.ts";
import {
  defineLocks,
  lockClass,
  type LockKind,
  lockType,
  WAIT_CONFIG,
} from "../machine/locks/lock_class.ts";
import {
  bhDisable,
  bhEnable,
  irqDisable,
  irqEnable,
  irqRestore,
  irqSave,
} from "../machine/context/irqflags.ts";
import { lockInit } from "../machine/locks/lock.ts";
import { prim } from "../machine/layout/primitives.ts";
import {
  readAcquire,
  readRelease,
  readTry,
  writeAcquire,
  writeRelease,
  writeTry,
} from "../machine/locks/shared_lock.ts";
import { type Fields, int, type Struct } from "../machine/memory/struct_type.ts";
import { struct } from "../machine/memory/struct.ts";
import type { irqflags } from "./irqflags.ts";
import { is_rt, lock_section_begin, lock_section_end, lock_section_taken } from "./preempt.ts";

const { pcpu } = views();

/** rwlock_t */
export interface rwlock_t extends Struct, Fields<{ cnts: number }> {}
export const rwlock_t = struct<rwlock_t>("rwlock_t", { cnts: int });
const KIND: LockKind = { wait: WAIT_CONFIG };
lockType(rwlock_t, KIND);

const P = {
  read: prim("read_lock"),
  readUnlock: prim("read_unlock"),
  readTry: prim("read_trylock"),
  write: prim("write_lock"),
  writeUnlock: prim("write_unlock"),
  writeTry: prim("write_trylock"),
};

/** DEFINE_RWLOCK() */
export function DEFINE_RWLOCK(name: string): rwlock_t {
  return DEFINE_RWLOCKS(name, 1)[0];
}

/** `n` rwlocks of one lock class: the code initialises them at the same place. */
export function DEFINE_RWLOCKS(name: string, n: number): rwlock_t[] {
  return defineLocks<rwlock_t>(name, { cnts: int }, n, KIND);
}

/** rwlock_init() */
export function rwlock_init(lock: rwlock_t): void {
  lockInit(lock.a, lockClass(lock));
  lock.cnts = 0;
}

let force_read_lock_recursive = false;

/**
 * force_read_lock_recursive: some self-tests of lockdep need read locks that are always recursive.
 */
export function set_force_read_lock_recursive(on: boolean): void {
  force_read_lock_recursive = on;
}

/** in_interrupt(): in a handler, or with softirqs off. A thread of PREEMPT_RT is no handler. */
function in_interrupt(): boolean {
  const b = regs[BLOCK];
  return (pcpu[b + IN_CONTEXTS] | (is_rt() ? 0 : pcpu[b + BH_OFF])) !== 0;
}

/** read_lock_is_recursive() — kernel/locking/lockdep.c. */
function read_lock_is_recursive(): boolean {
  return force_read_lock_recursive || in_interrupt();
}

/** read_lock() */
export function read_lock(lock: rwlock_t): void {
  const rt = is_rt();
  lock_section_begin(rt);
  // queued_read_lock_slowpath(): in an interrupt, a reader waits only for the writer that has the
  // lock.
  readAcquire(P.read, lock.a, lockClass(lock), rt, !in_interrupt(), read_lock_is_recursive());
  lock_section_taken(rt);
}

/** read_unlock() */
export function read_unlock(lock: rwlock_t): void {
  readRelease(P.readUnlock, lock.a, lockClass(lock));
  lock_section_end(is_rt());
}

/** read_trylock() */
export function read_trylock(lock: rwlock_t): boolean {
  const how = read_lock_is_recursive() ? HOW_RECURSIVE : 0;
  if (!readTry(P.readTry, lock.a, lockClass(lock), how)) return false;
  lock_section_begin(is_rt());
  lock_section_taken(is_rt());
  return true;
}

/** write_lock_nested() */
export function write_lock_nested(lock: rwlock_t, subclass: number): void {
  const rt = is_rt();
  lock_section_begin(rt);
  writeAcquire(P.write, lock.a, lockClass(lock) + subclass, rt);
  lock_section_taken(rt);
}

/** write_lock() */
export function write_lock(lock: rwlock_t): void {
  write_lock_nested(lock, 0);
}

/** write_unlock() */
export function write_unlock(lock: rwlock_t): void {
  writeRelease(P.writeUnlock, lock.a, lockClass(lock));
  lock_section_end(is_rt());
}

/** write_trylock() */
export function write_trylock(lock: rwlock_t): boolean {
  if (!writeTry(P.writeTry, lock.a, lockClass(lock))) return false;
  lock_section_begin(is_rt());
  lock_section_taken(is_rt());
  return true;
}

/** read_lock_irqsave() */
export function read_lock_irqsave(lock: rwlock_t): irqflags {
  const flags = is_rt() ? 0 : irqSave();
  read_lock(lock);
  return flags;
}

/** read_unlock_irqrestore() */
export function read_unlock_irqrestore(lock: rwlock_t, flags: irqflags): void {
  read_unlock(lock);
  if (!is_rt()) irqRestore(flags);
}

/** write_lock_irqsave() */
export function write_lock_irqsave(lock: rwlock_t): irqflags {
  const flags = is_rt() ? 0 : irqSave();
  write_lock(lock);
  return flags;
}

/** write_unlock_irqrestore() */
export function write_unlock_irqrestore(lock: rwlock_t, flags: irqflags): void {
  write_unlock(lock);
  if (!is_rt()) irqRestore(flags);
}

/** read_lock_irq() */
export function read_lock_irq(lock: rwlock_t): void {
  if (!is_rt()) irqDisable();
  read_lock(lock);
}

/** read_unlock_irq() */
export function read_unlock_irq(lock: rwlock_t): void {
  read_unlock(lock);
  if (!is_rt()) irqEnable();
}

/** write_lock_irq() */
export function write_lock_irq(lock: rwlock_t): void {
  if (!is_rt()) irqDisable();
  write_lock(lock);
}

/** write_unlock_irq() */
export function write_unlock_irq(lock: rwlock_t): void {
  write_unlock(lock);
  if (!is_rt()) irqEnable();
}

/** read_lock_bh() */
export function read_lock_bh(lock: rwlock_t): void {
  bhDisable();
  read_lock(lock);
}

/** read_unlock_bh() */
export function read_unlock_bh(lock: rwlock_t): void {
  read_unlock(lock);
  bhEnable();
}

/** write_lock_bh() */
export function write_lock_bh(lock: rwlock_t): void {
  bhDisable();
  write_lock(lock);
}

/** write_unlock_bh() */
export function write_unlock_bh(lock: rwlock_t): void {
  write_unlock(lock);
  bhEnable();
}
