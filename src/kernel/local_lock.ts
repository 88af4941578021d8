/**
 * Local locks, one per CPU — include/linux/local_lock.h, include/linux/local_lock_internal.h.
 *
 * Without PREEMPT_RT, a local lock turns preemption or interrupts off and has a name for lockdep.
 * With PREEMPT_RT, it is a sleeping lock of this CPU, and interrupts stay on.
 *
 * @module
 */
import {
  lockAcquire,
  lockComing,
  lockLeaving,
  lockRelease,
  lockTaken,
  lockTry,
} from "../machine/locks/lock.ts";
import * as contextWords from "../machine/layout/contexts.ts";
import * as lockWord from "../machine/layout/lock_word.ts";
import * as registers from "../machine/layout/registers.ts";
import { views } from "../machine/words/arena.ts";
import { defineLocks, lockClass, type LockKind, WAIT_CONFIG } from "../machine/locks/lock_class.ts";
import { prim } from "../machine/layout/primitives.ts";
import { type Fields, type FieldSpec, int, type Struct } from "../machine/memory/struct_type.ts";
import {
  type irqflags,
  local_irq_disable,
  local_irq_enable,
  local_irq_restore,
  local_irq_save,
} from "./irqflags.ts";
import {
  is_rt,
  lock_section_begin,
  lock_section_end,
  lock_section_taken,
  preempt_disable,
  preempt_enable,
} from "./preempt.ts";

const { pcpu } = views();
const { CONTEXT, HARDIRQ } = contextWords;
const { HOW_LOCK, HOW_TRY } = lockWord;
const { regs, BLOCK, CPU } = registers;

interface local_lock extends Struct, Fields<{ lock: number; acquired: number }> {}

/** local_lock_t and local_trylock_t: a lock for each CPU. */
export interface local_lock_t {
  readonly locks: readonly local_lock[];
  /** Whether lockdep sees the lock without PREEMPT_RT. */
  readonly has_map: boolean;
  /** local_trylock_t: `acquired` tells whether the lock is held. */
  readonly can_try: boolean;
}

const KIND: LockKind = { wait: WAIT_CONFIG, perCpu: true };
const P = {
  lock: prim("local_lock"),
  unlock: prim("local_unlock"),
  trylock: prim("local_trylock"),
};

function define(name: string, cpus: number, has_map: boolean, can_try: boolean): local_lock_t {
  const fields: Record<string, FieldSpec> = can_try ? { lock: int, acquired: int } : { lock: int };
  const locks = defineLocks<local_lock>(name, fields, cpus, KIND);
  return { locks, has_map, can_try };
}

/** DEFINE_PER_CPU(local_lock_t, name) */
export function DEFINE_LOCAL_LOCK(name: string, cpus: number): local_lock_t {
  return define(name, cpus, true, false);
}

/** DEFINE_PER_CPU(local_trylock_t, name) */
export function DEFINE_LOCAL_TRYLOCK(name: string, cpus: number): local_lock_t {
  return define(name, cpus, true, true);
}

/**
 * DEFINE_LOCAL_IRQ_LOCK() — include/linux/locallock.h of the PREEMPT_RT trees before v5.8. Without
 * PREEMPT_RT, locking is local_irq_save() and nothing else.
 */
export function DEFINE_LOCAL_IRQ_LOCK(name: string, cpus: number): local_lock_t {
  return define(name, cpus, false, false);
}

/** local_lock_acquire() */
function local_lock_acquire(lock: local_lock_t, how: number): void {
  if (!lock.has_map) return;
  const l = lock.locks[regs[CPU]];
  if (how !== HOW_TRY) lockComing(l.a, lockClass(l), how);
  lockTaken(l.a, lockClass(l), how);
  if (lock.can_try) l.acquired = 1;
}

/** local_lock_release() */
function local_lock_release(lock: local_lock_t): void {
  if (!lock.has_map) return;
  const l = lock.locks[regs[CPU]];
  if (lock.can_try) l.acquired = 0;
  lockLeaving(l.a, lockClass(l), HOW_LOCK);
}

function rt_local_lock(lock: local_lock_t): void {
  const l = lock.locks[regs[CPU]];
  lock_section_begin(true);
  lockAcquire(P.lock, l.a, lockClass(l), true);
  lock_section_taken(true);
}

function rt_local_unlock(lock: local_lock_t): void {
  const l = lock.locks[regs[CPU]];
  lockRelease(P.unlock, l.a, lockClass(l));
  lock_section_end(true);
}

function rt_local_trylock(lock: local_lock_t): boolean {
  // A sleeping lock cannot be taken in hardirq or NMI.
  if (pcpu[regs[BLOCK] + CONTEXT] >= HARDIRQ) return false;
  const l = lock.locks[regs[CPU]];
  if (!lockTry(P.trylock, l.a, lockClass(l))) return false;
  lock_section_begin(true);
  lock_section_taken(true);
  return true;
}

/** local_lock() */
export function local_lock(lock: local_lock_t): void {
  if (is_rt()) return rt_local_lock(lock);
  preempt_disable();
  local_lock_acquire(lock, HOW_LOCK);
}

/** local_unlock() */
export function local_unlock(lock: local_lock_t): void {
  if (is_rt()) return rt_local_unlock(lock);
  local_lock_release(lock);
  preempt_enable();
}

/** local_lock_irq() */
export function local_lock_irq(lock: local_lock_t): void {
  if (is_rt()) return rt_local_lock(lock);
  local_irq_disable();
  local_lock_acquire(lock, HOW_LOCK);
}

/** local_unlock_irq() */
export function local_unlock_irq(lock: local_lock_t): void {
  if (is_rt()) return rt_local_unlock(lock);
  local_lock_release(lock);
  local_irq_enable();
}

/** local_lock_irqsave() */
export function local_lock_irqsave(lock: local_lock_t): irqflags {
  if (is_rt()) {
    rt_local_lock(lock);
    return 0;
  }
  const flags = local_irq_save();
  local_lock_acquire(lock, HOW_LOCK);
  return flags;
}

/** local_unlock_irqrestore() */
export function local_unlock_irqrestore(lock: local_lock_t, flags: irqflags): void {
  if (is_rt()) return rt_local_unlock(lock);
  local_lock_release(lock);
  local_irq_restore(flags);
}

/** local_trylock(): fails in an interrupt if this CPU holds the lock. */
export function local_trylock(lock: local_lock_t): boolean {
  if (is_rt()) return rt_local_trylock(lock);
  preempt_disable();
  if (lock.locks[regs[CPU]].acquired !== 0) {
    preempt_enable();
    return false;
  }
  local_lock_acquire(lock, HOW_TRY);
  return true;
}

/** local_trylock_irqsave(): the flags, or null in an NMI if this CPU holds the lock. */
export function local_trylock_irqsave(lock: local_lock_t): irqflags | null {
  if (is_rt()) return rt_local_trylock(lock) ? 0 : null;
  const flags = local_irq_save();
  if (lock.locks[regs[CPU]].acquired !== 0) {
    local_irq_restore(flags);
    return null;
  }
  local_lock_acquire(lock, HOW_TRY);
  return flags;
}
