/** The locks of the self-tests, the ways to take them, and the contexts in which they are taken. */
import { HARDIRQ, SOFTIRQ } from "../../../src/machine/layout/contexts.ts";
import { runHandler } from "../../../src/machine/context/interrupt.ts";
import {
  local_bh_disable,
  local_bh_enable,
  local_irq_disable,
  local_irq_enable,
} from "../../../src/kernel/irqflags.ts";
import { DEFINE_LOCAL_LOCK } from "../../../src/kernel/local_lock.ts";
import {
  DEFINE_MUTEX,
  DEFINE_MUTEXES,
  mutex_init,
  mutex_lock,
  mutex_unlock,
} from "../../../src/kernel/mutex.ts";
import { DEFINE_RAW_SPINLOCK } from "../../../src/kernel/raw_spinlock.ts";
import {
  DEFINE_RWLOCK,
  DEFINE_RWLOCKS,
  read_lock,
  read_unlock,
  rwlock_init,
  set_force_read_lock_recursive,
  write_lock,
  write_unlock,
} from "../../../src/kernel/rwlock.ts";
import {
  DECLARE_RWSEM,
  DECLARE_RWSEMS,
  down_read,
  down_write,
  init_rwsem,
  up_read,
  up_write,
} from "../../../src/kernel/rwsem.ts";
import {
  DEFINE_SPINLOCK,
  DEFINE_SPINLOCKS,
  spin_lock,
  spin_lock_init,
  spin_unlock,
} from "../../../src/kernel/spinlock.ts";

/** A case: the result that the kernel's suite expects, and what the case does. */
export interface Case {
  readonly name: string;
  readonly expected: "report" | "silent";
  readonly run: () => void;
}

/**
 * The locks of a type by name. A to D have classes of their own; X1 and X2 share one, as do Y and
 * Z.
 */
function family<L>(
  prefix: string,
  one: (name: string) => L,
  two: (name: string, n: number) => L[],
) {
  const [X1, X2] = two(`${prefix}_X`, 2);
  const [Y1, Y2] = two(`${prefix}_Y`, 2);
  const [Z1, Z2] = two(`${prefix}_Z`, 2);
  const single = (l: string) => one(`${prefix}_${l}`);
  const [A, B, C, D] = ["A", "B", "C", "D"].map(single);
  return { A, B, C, D, X1, X2, Y1, Y2, Z1, Z2 };
}

export const lock = family("lock", DEFINE_SPINLOCK, DEFINE_SPINLOCKS);
export const rwlock = family("rwlock", DEFINE_RWLOCK, DEFINE_RWLOCKS);
export const mutexes = family("mutex", DEFINE_MUTEX, DEFINE_MUTEXES);
export const rwsem = family("rwsem", DECLARE_RWSEM, DECLARE_RWSEMS);
export const raw = { A: DEFINE_RAW_SPINLOCK("raw_lock_A"), B: DEFINE_RAW_SPINLOCK("raw_lock_B") };
export const local_A = DEFINE_LOCAL_LOCK("local_A", 32);

export type Letter = keyof typeof lock;

/** A way to take a lock. */
export interface Flavor {
  readonly name: string;
  L(l: Letter): void;
  U(l: Letter): void;
  I(l: Letter): void;
}

export const spin: Flavor = {
  name: "spin",
  L: (l) => spin_lock(lock[l]),
  U: (l) => spin_unlock(lock[l]),
  I: (l) => spin_lock_init(lock[l]),
};
export const wlock: Flavor = {
  name: "wlock",
  L: (l) => write_lock(rwlock[l]),
  U: (l) => write_unlock(rwlock[l]),
  I: (l) => rwlock_init(rwlock[l]),
};
export const rlock: Flavor = {
  name: "rlock",
  L: (l) => read_lock(rwlock[l]),
  U: (l) => read_unlock(rwlock[l]),
  I: (l) => rwlock_init(rwlock[l]),
};
export const mutex: Flavor = {
  name: "mutex",
  L: (l) => mutex_lock(mutexes[l]),
  U: (l) => mutex_unlock(mutexes[l]),
  I: (l) => mutex_init(mutexes[l]),
};
export const wsem: Flavor = {
  name: "wsem",
  L: (l) => down_write(rwsem[l]),
  U: (l) => up_write(rwsem[l]),
  I: (l) => init_rwsem(rwsem[l]),
};
export const rsem: Flavor = {
  name: "rsem",
  L: (l) => down_read(rwsem[l]),
  U: (l) => up_read(rwsem[l]),
  I: (l) => init_rwsem(rwsem[l]),
};
export const FLAVORS: readonly Flavor[] = [spin, wlock, rlock, mutex, wsem, rsem];

/** Take two locks, one inside the other, and release both. */
export function nest(outer: Flavor, x: Letter, inner: Flavor, y: Letter): void {
  outer.L(x);
  inner.L(y);
  inner.U(y);
  outer.U(x);
}

/** Take a lock and release it. */
export function touch(f: Flavor, x: Letter): void {
  f.L(x);
  f.U(x);
}

/** A kind of interrupt: how code runs inside it, and how it is disabled. */
export interface Irq {
  readonly name: string;
  /** Enter the context on this CPU, in the middle of what the CPU is doing. */
  inside(f: () => void): void;
  disable(): void;
  enable(): void;
}

export const hard: Irq = {
  name: "hard",
  inside: (f) => runHandler(HARDIRQ, f, 0),
  disable: local_irq_disable,
  enable: local_irq_enable,
};
export const soft: Irq = {
  name: "soft",
  inside(f) {
    runHandler(SOFTIRQ, () => {
      local_irq_disable(); // as SOFTIRQ_ENTER() of the kernel's suite does
      f();
      local_irq_enable();
    }, 0);
  },
  disable: local_bh_disable,
  enable: local_bh_enable,
};
export const IRQS: readonly Irq[] = [hard, soft];

/** A handler that PREEMPT_RT does not run in a thread. */
export function insideNotThreaded(f: () => void): void {
  runHandler(HARDIRQ, f, 0, true);
}

/** Events in every order, by the kernel's name of the order. */
export function permutations(e: readonly (() => void)[]): [string, () => void][] {
  const orders = e.length === 2 ? ["12", "21"] : ["123", "132", "213", "231", "312", "321"];
  return orders.map((order) => [order, () => {
    for (const digit of order) e[Number(digit) - 1]();
  }]);
}

/** Read locks as the first part of the suite uses them: always recursive. */
export function withRecursiveReaders(cases: readonly Case[]): Case[] {
  return cases.map(({ run, ...c }) => ({
    ...c,
    run() {
      set_force_read_lock_recursive(true);
      run();
    },
  }));
}

/** Read locks as the kernel has them, which queue behind writers. */
export function withQueuedReaders(cases: readonly Case[]): Case[] {
  return cases.map(({ run, ...c }) => ({
    ...c,
    run() {
      set_force_read_lock_recursive(false);
      run();
    },
  }));
}
