/**
 * Locks and sections — include/linux/spinlock.h, kernel/locking, include/linux/irqflags.h,
 * include/linux/preempt.h, include/linux/local_lock.h.
 *
 * With `--preempt rt` spinlocks and local locks are sleeping locks and leave interrupts on, as in
 * the PREEMPT_RT trees.
 * MODEL: holding a sleeping spinlock is no RCU read-side section (mainline's rt_spin_lock() makes
 * it one since v5.15; the trees in question did not).
 *
 * @module
 */
import * as arena from "../machine/arena.ts";
import { PREEMPT_RT } from "../machine/config.ts";
import { PREEMPT } from "../machine/control.ts";
import { enterReader, leaveReader } from "../machine/grace.ts";
import { irqRestore, irqSave } from "../machine/interrupt.ts";
import { holdsLock, lockAcquire, lockClass, lockRelease, lockTry } from "../machine/lock.ts";
import { maySleep } from "../machine/sleep.ts";
import { MIGRATE_OFF, PREEMPT_OFF, RT_LOCKS } from "../machine/percpu.ts";
import { point } from "../machine/point.ts";
import { prim } from "../machine/primitives.ts";
import * as registers from "../machine/registers.ts";
import { BLOCK, CPU } from "../machine/registers.ts";
import { type Fields, int, statics, type Struct, struct } from "../machine/struct.ts";

const { ctl, pcpu } = arena;
const { regs } = registers;

export interface spinlock_t extends Struct, Fields<{ lock: number }> {}
export const spinlock_t = struct<spinlock_t>("spinlock_t", { lock: int });
export interface mutex extends Struct, Fields<{ owner: number }> {}
export const mutex = struct<mutex>("mutex", { owner: int });

/** Saved interrupt state. */
export type irqflags = number;

const P = {
  save: prim("local_irq_save"),
  restore: prim("local_irq_restore"),
  lock: prim("spin_lock"),
  unlock: prim("spin_unlock"),
  trylock: prim("spin_trylock"),
  mutex: prim("mutex_lock"),
  mutexUnlock: prim("mutex_unlock"),
  mutexTry: prim("mutex_trylock"),
  preemptOff: prim("preempt_disable"),
  preemptOn: prim("preempt_enable"),
  local: prim("local_lock"),
  localUnlock: prim("local_unlock"),
};

/** DEFINE_SPINLOCK() */
export function DEFINE_SPINLOCK(name: string): spinlock_t {
  const lock = statics<spinlock_t>(name, { lock: int }, 1)[0];
  lockClass(lock);
  return lock;
}

/** DEFINE_MUTEX() */
export function DEFINE_MUTEX(name: string): mutex {
  const lock = statics<mutex>(name, { owner: int }, 1)[0];
  lockClass(lock);
  return lock;
}

/** PREEMPT_RT in this configuration? */
export function is_rt(): boolean {
  return ctl[PREEMPT] === PREEMPT_RT;
}

/** lockdep_is_held(): by what runs on this CPU. */
export function lockdep_is_held(lock: spinlock_t | mutex): boolean {
  return holdsLock(lock.a);
}

/** might_sleep(): here the kernel may schedule. */
export function might_sleep(): void {
  maySleep();
}

/** local_irq_save() */
export function local_irq_save(): irqflags {
  point(P.save, 0);
  return irqSave();
}

/** local_irq_restore() */
export function local_irq_restore(flags: irqflags): void {
  point(P.restore, 0);
  irqRestore(flags);
}

function preemptOff(): void {
  pcpu[regs[BLOCK] + PREEMPT_OFF]++;
  enterReader();
}

function preemptOn(): void {
  pcpu[regs[BLOCK] + PREEMPT_OFF]--;
  leaveReader();
}

/** preempt_disable() */
export function preempt_disable(): void {
  point(P.preemptOff, 0);
  preemptOff();
}

/** preempt_enable() */
export function preempt_enable(): void {
  point(P.preemptOn, 0);
  preemptOn();
}

/** get_cpu(); get_cpu_light() with PREEMPT_RT, which only keeps the task on its CPU. */
export function get_cpu(): number {
  if (is_rt()) pcpu[regs[BLOCK] + MIGRATE_OFF]++;
  else preempt_disable();
  return regs[CPU];
}

/** put_cpu() */
export function put_cpu(): void {
  if (is_rt()) pcpu[regs[BLOCK] + MIGRATE_OFF]--;
  else preempt_enable();
}

/** spin_lock() */
export function spin_lock(lock: spinlock_t): void {
  const rt = is_rt();
  if (rt) pcpu[regs[BLOCK] + RT_LOCKS]++;
  else preemptOff();
  lockAcquire(P.lock, lock.a, lockClass(lock), rt);
}

/** spin_unlock() */
export function spin_unlock(lock: spinlock_t): void {
  lockRelease(P.unlock, lock.a, lockClass(lock));
  if (is_rt()) pcpu[regs[BLOCK] + RT_LOCKS]--;
  else preemptOn();
}

/** spin_trylock() */
export function spin_trylock(lock: spinlock_t): boolean {
  if (!lockTry(P.trylock, lock.a, lockClass(lock))) return false;
  if (is_rt()) pcpu[regs[BLOCK] + RT_LOCKS]++;
  else preemptOff();
  return true;
}

/** spin_lock_irqsave(): with PREEMPT_RT interrupts stay on. */
export function spin_lock_irqsave(lock: spinlock_t): irqflags {
  const flags = is_rt() ? 0 : irqSave();
  spin_lock(lock);
  return flags;
}

/** spin_unlock_irqrestore() */
export function spin_unlock_irqrestore(lock: spinlock_t, flags: irqflags): void {
  spin_unlock(lock);
  if (!is_rt()) irqRestore(flags);
}

/** spin_lock_irq(): the caller knows that interrupts are on. */
export function spin_lock_irq(lock: spinlock_t): void {
  if (!is_rt()) irqSave();
  spin_lock(lock);
}

/** spin_unlock_irq(): turns interrupts on, whatever they were. */
export function spin_unlock_irq(lock: spinlock_t): void {
  spin_unlock(lock);
  if (!is_rt()) irqRestore(0);
}

/** mutex_lock() Context: may sleep. */
export function mutex_lock(lock: mutex): void {
  might_sleep();
  lockAcquire(P.mutex, lock.a, lockClass(lock), true);
}

/** mutex_unlock() */
export function mutex_unlock(lock: mutex): void {
  lockRelease(P.mutexUnlock, lock.a, lockClass(lock));
}

/** mutex_trylock() */
export function mutex_trylock(lock: mutex): boolean {
  return lockTry(P.mutexTry, lock.a, lockClass(lock));
}

/** Local locks, one per CPU. */
export type local_lock_t = readonly spinlock_t[];

/** DEFINE_PER_CPU(local_lock_t, name) */
export function DEFINE_LOCAL_LOCK(name: string, cpus: number): local_lock_t {
  const locks = statics<spinlock_t>(name, { lock: int }, cpus);
  for (const l of locks) lockClass(l);
  return locks;
}

/**
 * local_lock_irqsave() — include/linux/local_lock.h
 *
 * Without PREEMPT_RT it is local_irq_save(); with it a sleeping lock of this CPU, interrupts on.
 */
export function local_lock_irqsave(lock: local_lock_t): irqflags {
  if (!is_rt()) return local_irq_save();
  pcpu[regs[BLOCK] + RT_LOCKS]++;
  lockAcquire(P.local, lock[regs[CPU]].a, lockClass(lock[regs[CPU]]), true);
  return 0;
}

/** local_unlock_irqrestore() */
export function local_unlock_irqrestore(lock: local_lock_t, flags: irqflags): void {
  if (!is_rt()) return local_irq_restore(flags);
  lockRelease(P.localUnlock, lock[regs[CPU]].a, lockClass(lock[regs[CPU]]));
  pcpu[regs[BLOCK] + RT_LOCKS]--;
}
