/**
 * The access kernels of kernel/kcsan/kcsan_test.c: small functions, of which two run at the same
 * time.
 *
 * A `long` is one cell. An object larger than a word is several cells that one access covers.
 * Compiler builtins are replaced by the operations with the same memory order.
 */
import * as access from "../../../src/machine/memory/access.ts";
import {
  array_load,
  array_store,
  atomic_add,
  READ_ONCE,
  smp_load_acquire,
  smp_store_release,
  WRITE_ONCE,
} from "../../../src/machine/memory/access.ts";
import { changeBits } from "../../../src/machine/memory/bits.ts";
import { ACQUIRE, RELAXED, RELEASE } from "../../../src/machine/layout/order.ts";
import { BUG_ON } from "../../../src/machine/findings/warn.ts";
import { prim } from "../../../src/machine/layout/primitives.ts";
import { kernel } from "../../../src/machine/calls/registry.ts";
import {
  array,
  type Fields,
  int as cell,
  type Struct,
} from "../../../src/machine/memory/struct_type.ts";
import { statics } from "../../../src/machine/memory/struct.ts";
import { cmpxchg_acquire, cmpxchg_relaxed, xchg_relaxed } from "../../../src/kernel/atomic.ts";
import { smp_rmb, smp_wmb } from "../../../src/kernel/barrier.ts";
import {
  __no_kcsan,
  ASSERT_EXCLUSIVE_ACCESS,
  ASSERT_EXCLUSIVE_ACCESS_SCOPED,
  ASSERT_EXCLUSIVE_BITS,
  ASSERT_EXCLUSIVE_WRITER,
  ASSERT_EXCLUSIVE_WRITER_SCOPED,
  data_race,
  kcsan_check_read,
  kcsan_check_write,
  kcsan_disable_current,
  kcsan_enable_current,
  kcsan_nestable_atomic_begin,
  kcsan_nestable_atomic_end,
} from "../../../src/kernel/kcsan-checks.ts";
import {
  DEFINE_SPINLOCK,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
} from "../../../src/kernel/spinlock.ts";

const ARRAY = 12;

interface test_vars extends
  Struct,
  Fields<{
    test_sink: number;
    test_var: number;
    test_data_racy: number;
    test_array: number[];
    sequence: number;
  }> {}
const t = statics<test_vars>("kcsan_test", {
  test_sink: cell,
  test_var: cell,
  test_data_racy: cell,
  test_array: array(ARRAY),
  sequence: cell,
}, 1)[0];
interface test_struct extends Struct, Fields<{ val0: number; val1: number; val3: number }> {}
const test_struct = statics<test_struct>("test_struct", {
  val0: cell,
  val1: cell,
  val2: cell,
  val3: cell,
  val4: cell,
  val5: cell,
  val6: cell,
  val7: cell,
}, 1)[0];
const test_seqlock = DEFINE_SPINLOCK("test_seqlock");

const sink_value = __no_kcsan((v: number): void => WRITE_ONCE(t.$test_sink, v));
const read_sink = __no_kcsan((): number => READ_ONCE(t.$test_sink)); // READ_ONCE_NOCHECK()

function test_delay(iter: number): void {
  while (iter--) sink_value(READ_ONCE(t.$test_sink));
}

const TEST_CHANGE_BITS = 0xff00ff00 | 0;

const test_enter_scope = kernel("test_enter_scope", (): void => {
  READ_ONCE(t.$test_sink);
});

/** read_seqbegin() — include/linux/seqlock.h: the accesses after it count as marked. */
function read_seqbegin(): number {
  let seq = smp_load_acquire(t.$sequence);
  while (seq & 1) seq = smp_load_acquire(t.$sequence);
  kcsan_nestable_atomic_begin(); // kcsan_atomic_next()
  return seq;
}

/** read_seqretry() */
function read_seqretry(start: number): boolean {
  kcsan_nestable_atomic_end();
  smp_rmb();
  return READ_ONCE(t.$sequence) !== start;
}

/**
 * A hand-written critical section; the kernel's makes a hundred increments, four are enough here.
 */
function locked(acquired: () => boolean, release: () => void): void {
  if (!acquired()) return;
  for (let v = 0; v < 4; v++) t.test_var++;
  release();
  test_delay(10);
}

const flag = test_struct.$val0;
const P_READ = prim("READ_ONCE");
const P_WRITE = prim("WRITE_ONCE");
const P_RMW = prim("atomic_add_return");

/** The access kernels by name, without the prefix test_kernel_. */
const bodies: Record<string, () => void> = {
  read: () => sink_value(t.test_var),
  write() {
    t.test_var = read_sink() + 1;
  },
  write_nochange() {
    t.test_var = 42;
  },
  write_nochange_rcu() {
    t.test_var = 42;
  },
  read_atomic: () => sink_value(READ_ONCE(t.$test_var)),
  write_atomic: () => WRITE_ONCE(t.$test_var, read_sink() + 1),
  atomic_rmw: () => atomic_add(1, t.$test_var),
  data_race: () => void data_race(() => t.test_var++),
  // The qualifier makes accesses volatile; these two macros do the same.
  data_racy_qualifier: () => WRITE_ONCE(t.$test_data_racy, READ_ONCE(t.$test_data_racy) + 1),
  assert_writer: () => ASSERT_EXCLUSIVE_WRITER(t.$test_var),
  assert_access: () => ASSERT_EXCLUSIVE_ACCESS(t.$test_var),
  change_bits: () => WRITE_ONCE(t.$test_var, READ_ONCE(t.$test_var) ^ TEST_CHANGE_BITS),
  assert_bits_change: () => ASSERT_EXCLUSIVE_BITS(t.$test_var, TEST_CHANGE_BITS),
  assert_bits_nochange: () => ASSERT_EXCLUSIVE_BITS(t.$test_var, ~TEST_CHANGE_BITS),
  assert_writer_scoped: () => ASSERT_EXCLUSIVE_WRITER_SCOPED(t.$test_var, test_enter_scope),
  assert_access_scoped: () => ASSERT_EXCLUSIVE_ACCESS_SCOPED(t.$test_var, test_enter_scope),
  rmw_array() {
    for (let i = 0; i < ARRAY; i++) array_store(t.$test_array, i, array_load(t.$test_array, i) + 1);
  },
  write_struct() {
    kcsan_check_write(test_struct);
    kcsan_disable_current();
    test_struct.val3++; // induce value change
    kcsan_enable_current();
  },
  write_struct_part() {
    test_struct.val3 = 42;
  },
  read_struct_zero_size: () => kcsan_check_read(test_struct, 0),
  seqlock_reader() {
    let seq;
    do {
      seq = read_seqbegin();
      sink_value(t.test_var);
    } while (read_seqretry(seq));
  },
  seqlock_writer() {
    const flags = spin_lock_irqsave(test_seqlock);
    kcsan_nestable_atomic_begin();
    WRITE_ONCE(t.$sequence, READ_ONCE(t.$sequence) + 1);
    smp_wmb();
    t.test_var++;
    smp_wmb();
    WRITE_ONCE(t.$sequence, READ_ONCE(t.$sequence) + 1);
    kcsan_nestable_atomic_end();
    spin_unlock_irqrestore(test_seqlock, flags);
  },
  atomic_builtins: () => void access.get(P_READ, t.$test_var, RELAXED),
  xor_1bit() {
    kcsan_nestable_atomic_begin();
    t.test_var ^= 0x10000;
    kcsan_nestable_atomic_end();
  },
  with_memorder: () =>
    locked(() => cmpxchg_acquire(flag, 0, 1) === 0, () => smp_store_release(flag, 0)),
  atomic_builtin_with_memorder: () => builtinSection(ACQUIRE, RELEASE),
  atomic_builtin_wrong_memorder: () => builtinSection(RELAXED, RELAXED),
  wrong_memorder: () => locked(() => cmpxchg_relaxed(flag, 0, 1) === 0, () => WRITE_ONCE(flag, 0)),
};

/** A critical section with compiler builtins: __atomic_compare_exchange_n(), __atomic_store_n(). */
function builtinSection(order: number, then: number): void {
  locked(
    () => access.compareExchange(flag, 0, 1, order) === 0,
    () => access.put(P_WRITE, flag, 0, then),
  );
}

/** The thread of test_atomic_builtins: calls every builtin, and checks its result. */
const builtins = (): void => {
  const v = t.$test_var;
  access.put(P_WRITE, v, 42, RELAXED);
  BUG_ON(access.get(P_READ, v, RELAXED) !== 42);
  BUG_ON(xchg_relaxed(v, 20) !== 42);
  BUG_ON(t.test_var !== 20);
  BUG_ON(cmpxchg_relaxed(v, 20, 30) !== 20);
  BUG_ON(t.test_var !== 30);
  BUG_ON(cmpxchg_relaxed(v, 20, 40) !== 30);
  BUG_ON(t.test_var !== 30);
  BUG_ON(access.add(P_RMW, v, 1, RELAXED) !== 31);
  BUG_ON(access.add(P_RMW, v, -1, RELAXED) !== 30);
  BUG_ON(changeBits(P_RMW, v, 0xf, 0, RELAXED) !== 30);
  BUG_ON(changeBits(P_RMW, v, -1, 0xf, RELAXED) !== 14);
  BUG_ON(changeBits(P_RMW, v, ~0xf0, 0xf0, RELAXED) !== 1); // or
  BUG_ON(t.test_var !== 241);
};

/** The main thread's changes of values, while the test waits for a write/write race. */
const induce = kernel("test_induce", __no_kcsan((): void => sink_value(READ_ONCE(t.$test_var))));

export const kernels: Record<string, () => void> = { test_induce: induce };
for (const [name, body] of Object.entries({ ...bodies, builtins })) {
  kernels[`test_kernel_${name}`] = kernel(`test_kernel_${name}`, body);
}
