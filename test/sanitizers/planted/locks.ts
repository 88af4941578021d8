/** Small bugs with locks and interrupts, one operation each, and next to them the correct code. */
import { kernel } from "../../../src/machine/calls/registry.ts";
import { embed, type Fields, int, type Struct } from "../../../src/machine/memory/struct_type.ts";
import { struct } from "../../../src/machine/memory/struct.ts";
import { GFP_ATOMIC } from "../../../src/kernel/errno.ts";
import {
  local_bh_disable,
  local_bh_enable,
  local_irq_disable,
  local_irq_enable,
  local_irq_restore,
  local_irq_save,
} from "../../../src/kernel/irqflags.ts";
import {
  DEFINE_LOCAL_TRYLOCK,
  local_lock,
  local_trylock,
  local_unlock,
} from "../../../src/kernel/local_lock.ts";
import { lockdep_assert_held, lockdep_assert_not_held } from "../../../src/kernel/lockdep.ts";
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from "../../../src/kernel/mutex.ts";
import {
  DEFINE_RAW_SPINLOCK,
  raw_spin_lock,
  raw_spin_lock_irqsave,
  raw_spin_trylock,
  raw_spin_unlock,
  raw_spin_unlock_irqrestore,
} from "../../../src/kernel/raw_spinlock.ts";
import {
  DEFINE_RWLOCK,
  read_lock,
  read_unlock,
  write_lock_irqsave,
  write_unlock_irqrestore,
} from "../../../src/kernel/rwlock.ts";
import {
  DECLARE_RWSEM,
  down_read,
  down_write,
  up_read,
  up_write,
} from "../../../src/kernel/rwsem.ts";
import { kfree, kzalloc } from "../../../src/kernel/slab.ts";
import { preempt_disable } from "../../../src/kernel/preempt.ts";
import {
  DEFINE_SPINLOCK,
  DEFINE_SPINLOCKS,
  SINGLE_DEPTH_NESTING,
  spin_lock,
  spin_lock_bh,
  spin_lock_irqsave,
  spin_lock_nested,
  spin_unlock,
  spin_unlock_bh,
  spin_unlock_irqrestore,
  spinlock_t,
} from "../../../src/kernel/spinlock.ts";

interface door extends Struct, Fields<{ lock: spinlock_t; open: number }> {}
const door = struct<door>("door", { lock: embed(spinlock_t), open: int }, 4);

const C = DEFINE_SPINLOCK("lock_c");
const D = DEFINE_SPINLOCK("lock_d");
const [E1, E2] = DEFINE_SPINLOCKS("lock_e", 2);
/** Three classes of six locks each; a nesting level makes a class of its own. */
const MANY = ["lock_f", "lock_g", "lock_h"].map((name) => DEFINE_SPINLOCKS(name, 6));
const RAW = DEFINE_RAW_SPINLOCK("raw_lock");
const RW = DEFINE_RWLOCK("rw_lock");
const M2 = DEFINE_MUTEX("mutex_n");
const SEM = DECLARE_RWSEM("sem");
const LOCAL = DEFINE_LOCAL_TRYLOCK("local", 32);

const nested = kernel("nested", (): void => {
  spin_lock(E1);
  spin_lock_nested(E2, SINGLE_DEPTH_NESTING);
  spin_unlock(E2);
  spin_unlock(E1);
});

/** Take a lock with interrupts off, as all its users do. */
const safely = kernel("safely", (lock: spinlock_t): void => {
  const flags = spin_lock_irqsave(lock);
  spin_unlock_irqrestore(lock, flags);
});

const carelessly = kernel("carelessly", (lock: spinlock_t): void => {
  spin_lock(lock);
  spin_unlock(lock);
});

/** Take two locks with interrupts off. */
const both = kernel("both", (x: spinlock_t, y: spinlock_t): void => {
  const flags = spin_lock_irqsave(x);
  spin_lock(y);
  spin_unlock(y);
  spin_unlock_irqrestore(x, flags);
});

/** The operations by name. All can run in every context; the tests choose the context. */
export const lockPlants: Record<string, () => number | void> = {
  lock_safe_c: () => safely(C),
  lock_c: () => carelessly(C),
  lock_d: () => carelessly(D),
  lock_cd: () => both(C, D),
  lock_same_class() {
    spin_lock(E1);
    spin_lock(E2);
    spin_unlock(E2);
    spin_unlock(E1);
  },
  lock_nested: nested,
  lock_bh() {
    spin_lock_bh(C);
    spin_unlock_bh(C);
  },
  lock_unlock_twice() {
    spin_lock(C);
    spin_unlock(C);
    spin_unlock(C);
  },
  lock_freed() {
    const d = kzalloc(door, GFP_ATOMIC)!;
    spin_lock(d.lock);
    kfree(d);
  },
  lock_in_raw() {
    raw_spin_lock(RAW);
    spin_lock(C);
    spin_unlock(C);
    raw_spin_unlock(RAW);
  },
  lock_mutex_in_spin() {
    spin_lock(C);
    mutex_lock(M2);
    mutex_unlock(M2);
    spin_unlock(C);
  },
  lock_mutex_in_bh() {
    spin_lock_bh(C);
    mutex_lock(M2);
    mutex_unlock(M2);
    spin_unlock_bh(C);
  },
  lock_many() {
    for (const many of MANY) many.forEach((l, level) => spin_lock_nested(l, level));
    for (const many of MANY) many.forEach((l) => spin_unlock(l));
  },
  lock_raw_in_spin() {
    spin_lock(C);
    raw_spin_lock(RAW);
    raw_spin_unlock(RAW);
    spin_unlock(C);
  },
  lock_raw: () => {
    const flags = raw_spin_lock_irqsave(RAW);
    raw_spin_unlock_irqrestore(RAW, flags);
  },
  lock_raw_try() {
    if (raw_spin_trylock(RAW)) raw_spin_unlock(RAW);
  },
  lock_read() {
    read_lock(RW);
    read_unlock(RW);
  },
  lock_read_twice() {
    read_lock(RW);
    read_lock(RW);
    read_unlock(RW);
    read_unlock(RW);
  },
  lock_write() {
    const flags = write_lock_irqsave(RW);
    write_unlock_irqrestore(RW, flags);
  },
  lock_sem() {
    mutex_lock(M2);
    down_read(SEM);
    up_read(SEM);
    mutex_unlock(M2);
  },
  lock_sem_back() {
    down_write(SEM);
    mutex_lock(M2);
    mutex_unlock(M2);
    up_write(SEM);
  },
  lock_local() {
    local_lock(LOCAL);
    local_unlock(LOCAL);
  },
  lock_local_try: () => {
    if (!local_trylock(LOCAL)) return 1;
    local_unlock(LOCAL);
    return 0;
  },
  lock_assert: () => lockdep_assert_held(C),
  lock_assert_ok() {
    lockdep_assert_not_held(C);
    spin_lock(C);
    lockdep_assert_held(C);
    spin_unlock(C);
  },
  lock_assert_not() {
    spin_lock(C);
    lockdep_assert_not_held(C);
    spin_unlock(C);
  },
  // irq state
  irq_restore_on() {
    const flags = local_irq_save();
    local_irq_restore(flags);
    local_irq_restore(flags);
  },
  irq_wrong_flags() {
    const outer = local_irq_save();
    const inner = local_irq_save();
    local_irq_restore(outer);
    local_irq_restore(inner);
  },
  irq_enable() {
    local_irq_disable();
    local_irq_enable();
  },
  irq_sections() {
    local_bh_disable();
    const outer = local_irq_save();
    local_irq_restore(local_irq_save());
    local_irq_restore(outer);
    local_bh_enable();
  },
  irq_bh: () => local_bh_disable(),
  irq_preempt: () => preempt_disable(),
  irq_lock: () => spin_lock(C),
};
