/** A target for tests of locks: readers and writers, and softirqs that must wait. */
import { atomic_add_return, READ_ONCE, WRITE_ONCE } from "../../../src/machine/memory/access.ts";
import { kernel } from "../../../src/machine/calls/registry.ts";
import {
  embed,
  type Fields,
  int as cell,
  type Struct,
} from "../../../src/machine/memory/struct_type.ts";
import { statics } from "../../../src/machine/memory/struct.ts";
import { local_bh_disable, local_bh_enable } from "../../../src/kernel/irqflags.ts";
import { call_rcu, rcu_head } from "../../../src/kernel/rcu.ts";
import {
  read_lock,
  read_trylock,
  read_unlock,
  rwlock_t,
  write_lock,
  write_trylock,
  write_unlock,
} from "../../../src/kernel/rwlock.ts";
import {
  down_read,
  down_write,
  down_write_trylock,
  downgrade_write,
  rw_semaphore,
  up_read,
  up_write,
} from "../../../src/kernel/rwsem.ts";
import { mutex, mutex_lock, mutex_unlock } from "../../../src/kernel/mutex.ts";
import { spin_lock_bh, spin_unlock_bh, spinlock_t } from "../../../src/kernel/spinlock.ts";
import type { Target } from "../../../src/prog/target.ts";

/** Locks in a structure: their classes are numbered by field, alike on all CPUs. */
interface shelf extends
  Struct,
  Fields<{
    rw: rwlock_t;
    sem: rw_semaphore;
    lock: spinlock_t;
    owner: mutex;
    x: number;
    inside: number;
    most: number;
  }> {}
const shelf = statics<shelf>(
  "lock_shelf",
  {
    rw: embed(rwlock_t),
    sem: embed(rw_semaphore),
    lock: embed(spinlock_t),
    owner: embed(mutex),
    x: cell,
    inside: cell,
    most: cell,
  },
  1,
)[0];
interface head extends Struct, Fields<{ rcu: rcu_head }> {}
const heads = statics<head>("lock_head", { rcu: embed(rcu_head) }, 4);

/** Loses an update if two are in here at once. */
function increment(): number {
  const v = READ_ONCE(shelf.$x);
  WRITE_ONCE(shelf.$x, v + 1);
  return v;
}

/** How many are in here, counting oneself. */
function visit(): number {
  const n = atomic_add_return(1, shelf.$inside);
  READ_ONCE(shelf.$x);
  if (n > READ_ONCE(shelf.$most)) WRITE_ONCE(shelf.$most, n);
  atomic_add_return(-1, shelf.$inside);
  return n;
}

const reader = kernel("lock_reader", (): number => {
  read_lock(shelf.rw);
  const n = visit();
  read_unlock(shelf.rw);
  return n;
});
const writer = kernel("lock_writer", (): number => {
  write_lock(shelf.rw);
  const v = increment();
  write_unlock(shelf.rw);
  return v;
});
const reader_twice = kernel("lock_reader_twice", (): number => {
  read_lock(shelf.rw);
  const n = reader();
  read_unlock(shelf.rw);
  return n;
});
const sem_reader = kernel("lock_sem_reader", (): number => {
  down_read(shelf.sem);
  const n = visit();
  up_read(shelf.sem);
  return n;
});
const sem_writer = kernel("lock_sem_writer", (): number => {
  down_write(shelf.sem);
  const v = increment();
  downgrade_write(shelf.sem);
  READ_ONCE(shelf.$x);
  up_read(shelf.sem);
  return v;
});
const sem_try = kernel("lock_sem_try", (): number => {
  if (!down_write_trylock(shelf.sem)) return -1;
  const v = increment();
  up_write(shelf.sem);
  return v;
});
const rw_try = kernel("lock_rw_try", (): number => {
  if (!read_trylock(shelf.rw)) return -1;
  read_unlock(shelf.rw);
  if (!write_trylock(shelf.rw)) return -2;
  const v = increment();
  write_unlock(shelf.rw);
  return v;
});
const bh = kernel("lock_bh", (): number => {
  local_bh_disable();
  spin_lock_bh(shelf.lock);
  const v = increment();
  spin_unlock_bh(shelf.lock);
  READ_ONCE(shelf.$most);
  local_bh_enable();
  return v;
});
const softly = kernel("lock_softly", (_head: rcu_head): void => void increment());
const defer = kernel("lock_defer", (): void => call_rcu(heads[0].rcu, softly));
const owner_first = kernel("lock_owner_first", (): void => {
  mutex_lock(shelf.owner);
  down_read(shelf.sem);
  up_read(shelf.sem);
  mutex_unlock(shelf.owner);
});
const sem_first = kernel("lock_sem_first", (): void => {
  down_write(shelf.sem);
  mutex_lock(shelf.owner);
  mutex_unlock(shelf.owner);
  up_write(shelf.sem);
});

const doc = "See the function.";
const contexts = ["task", "softirq", "hardirq"] as const;
const target: Target = {
  name: "locks",
  doc: "Locks of every kind.",
  ops: {
    reader: { doc, contexts, run: reader },
    writer: { doc, run: writer },
    reader_twice: { doc, run: reader_twice },
    sem_reader: { doc, run: sem_reader },
    sem_writer: { doc, run: sem_writer },
    sem_try: { doc, run: sem_try },
    rw_try: { doc, run: rw_try },
    bh: { doc, run: bh },
    inc: { doc, contexts, run: increment },
    defer: { doc, run: defer },
    x: { doc, run: () => READ_ONCE(shelf.$x) },
    most: { doc, run: () => READ_ONCE(shelf.$most) },
    owner_first: { doc, run: owner_first },
    sem_first: { doc, run: sem_first },
  },
};
export default target;
