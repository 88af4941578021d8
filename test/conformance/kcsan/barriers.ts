/**
 * The barriers of test_barrier_nothreads and of the selftest's test_barrier: which kinds of earlier
 * accesses they order before later ones.
 *
 * The kernel's KCSAN delays an access to model weak memory, and the kernel's test looks at that
 * access. Here two CPUs take part. One makes the access, passes the barrier and sets a flag. The
 * other one sees the flag and whatever the barrier published, and makes a conflicting access. If
 * nothing is reported, the barrier ordered the first access.
 */
import {
  atomic_add,
  atomic_add_return,
  atomic_read,
  atomic_set,
  cmpxchg,
  smp_load_acquire,
  smp_store_release,
  test_and_set_bit,
  WRITE_ONCE,
  xchg,
} from "../../../src/machine/memory/access.ts";
import { kernel } from "../../../src/machine/calls/registry.ts";
import { type Fields, int as cell, type Struct } from "../../../src/machine/memory/struct_type.ts";
import { statics } from "../../../src/machine/memory/struct.ts";
import * as atomic from "../../../src/kernel/atomic.ts";
import * as barrier from "../../../src/kernel/barrier.ts";
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from "../../../src/kernel/mutex.ts";
import {
  DEFINE_RAW_SPINLOCK,
  raw_spin_lock,
  raw_spin_unlock,
} from "../../../src/kernel/raw_spinlock.ts";
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from "../../../src/kernel/spinlock.ts";

interface vars extends Struct, Fields<{ test_var: number; dummy: number; flag: number }> {}
const v = statics<vars>("barrier_vars", { test_var: cell, dummy: cell, flag: cell }, 1)[0];
const test_spinlock = DEFINE_SPINLOCK("test_spinlock");
const arch_spinlock = DEFINE_RAW_SPINLOCK("arch_spinlock");
const test_mutex = DEFINE_MUTEX("test_mutex");

/** A barrier: one line of the kernel's list. */
export interface Barrier {
  readonly name: string;
  readonly run: () => unknown;
  /**
   * Whether the barrier orders earlier reads and earlier writes; either orders a compound access.
   */
  readonly reads: boolean;
  readonly writes: boolean;
  /** Whether the boot-time selftest checks the barrier as well, for the kinds that it orders. */
  readonly selftest: boolean;
  /** Done before the access; after the flag is set; and by the other CPU before its access. */
  readonly before?: () => void;
  readonly after?: () => void;
  readonly see?: () => void;
}

const d = v.$dummy;
const both = (name: string, run: () => unknown, more: Partial<Barrier> = {}): Barrier => ({
  name,
  run,
  reads: true,
  writes: true,
  selftest: true,
  ...more,
});
const none = (name: string, run: () => unknown, more: Partial<Barrier> = {}): Barrier => ({
  ...both(name, run, more),
  reads: false,
  writes: false,
  selftest: false,
});

/** A lock: acquiring it orders no earlier access, releasing it orders all earlier accesses. */
function locks(name: string, lock: () => void, unlock: () => void): Barrier[] {
  const see = () => {
    lock();
    unlock();
  };
  const selftest = name !== "mutex";
  return [
    none(`${name}_lock()`, lock, { after: unlock }),
    both(`${name}_unlock()`, unlock, { before: lock, see, selftest }),
  ];
}

export const BARRIERS: readonly Barrier[] = [
  both("mb()", barrier.mb),
  { ...both("wmb()", barrier.wmb), reads: false },
  { ...both("rmb()", barrier.rmb), writes: false },
  both("smp_mb()", barrier.smp_mb),
  { ...both("smp_wmb()", barrier.smp_wmb), reads: false },
  { ...both("smp_rmb()", barrier.smp_rmb), writes: false },
  { ...both("dma_wmb()", barrier.dma_wmb), reads: false },
  { ...both("dma_rmb()", barrier.dma_rmb), writes: false },
  both("smp_mb__before_atomic()", barrier.smp_mb__before_atomic),
  both("smp_mb__after_atomic()", barrier.smp_mb__after_atomic),
  both("smp_mb__after_spinlock()", barrier.smp_mb__after_spinlock),
  both("smp_store_mb()", () => barrier.smp_store_mb(d, 0)),
  none("smp_load_acquire()", () => smp_load_acquire(d)),
  both("smp_store_release()", () => smp_store_release(d, 0)),
  both("xchg()", () => xchg(d, 0)),
  both("xchg_release()", () => atomic.xchg_release(d, 0)),
  none("xchg_relaxed()", () => atomic.xchg_relaxed(d, 0)),
  both("cmpxchg()", () => cmpxchg(d, 0, 0)),
  both("cmpxchg_release()", () => atomic.cmpxchg_release(d, 0, 0)),
  none("cmpxchg_relaxed()", () => atomic.cmpxchg_relaxed(d, 0, 0)),
  none("atomic_read()", () => atomic_read(d)),
  none("atomic_read_acquire()", () => atomic.atomic_read_acquire(d)),
  none("atomic_set()", () => atomic_set(d, 0)),
  both("atomic_set_release()", () => atomic.atomic_set_release(d, 0)),
  none("atomic_add()", () => atomic_add(1, d)),
  both("atomic_add_return()", () => atomic_add_return(1, d)),
  none("atomic_add_return_acquire()", () => atomic.atomic_add_return_acquire(1, d)),
  both("atomic_add_return_release()", () => atomic.atomic_add_return_release(1, d)),
  none("atomic_add_return_relaxed()", () => atomic.atomic_add_return_relaxed(1, d)),
  both("atomic_fetch_add()", () => atomic.atomic_fetch_add(1, d)),
  none("atomic_fetch_add_acquire()", () => atomic.atomic_fetch_add_acquire(1, d)),
  both("atomic_fetch_add_release()", () => atomic.atomic_fetch_add_release(1, d)),
  none("atomic_fetch_add_relaxed()", () => atomic.atomic_fetch_add_relaxed(1, d)),
  both("test_and_set_bit()", () => test_and_set_bit(0, d)),
  both("test_and_clear_bit()", () => atomic.test_and_clear_bit(0, d)),
  both("test_and_change_bit()", () => atomic.test_and_change_bit(0, d)),
  both("clear_bit_unlock()", () => atomic.clear_bit_unlock(0, d)),
  both("__clear_bit_unlock()", () => atomic.__clear_bit_unlock(0, d)),
  ...locks(
    "arch_spin",
    () => raw_spin_lock(arch_spinlock),
    () => raw_spin_unlock(arch_spinlock),
  ),
  ...locks("spin", () => spin_lock(test_spinlock), () => spin_unlock(test_spinlock)),
  ...locks("mutex", () => mutex_lock(test_mutex), () => mutex_unlock(test_mutex)),
  both("xor_unlock_is_negative_byte()", () => atomic.xor_unlock_is_negative_byte(1, d)),
];

export const KINDS = ["read", "write", "rw"] as const;
export type Kind = typeof KINDS[number];

/** Whether a barrier orders earlier accesses of a kind, according to the kernel's list. */
export function orders(b: Barrier, kind: Kind): boolean {
  return kind === "read" ? b.reads : kind === "write" ? b.writes : b.reads || b.writes;
}

/** The first CPU: the access, the barrier, the flag. */
export const test_barrier = kernel("test_barrier", (kind: number, n: number): void => {
  const b = BARRIERS[n];
  b.before?.();
  if (KINDS[kind] === "read") v.test_var;
  else if (KINDS[kind] === "write") v.test_var = 1;
  else v.test_var++;
  b.run();
  WRITE_ONCE(v.$flag, 1);
  b.after?.();
});

/**
 * The second CPU: it sees the flag and what the barrier published, and makes a conflicting access.
 */
export const test_barrier_seen = kernel("test_barrier_seen", (kind: number, n: number): void => {
  smp_load_acquire(v.$flag);
  const { see } = BARRIERS[n];
  if (see === undefined) smp_load_acquire(d);
  else see();
  if (KINDS[kind] === "read") v.test_var = 2;
  else v.test_var;
});
