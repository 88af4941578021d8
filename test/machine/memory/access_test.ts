import { cellOf } from "../../../src/machine/layout/lvalue.ts";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import "../bare.ts";
import { COUNTDOWN } from "../../../src/machine/layout/points.ts";
import { views } from "../../../src/machine/words/arena.ts";
import { RUNS } from "../../properties/runs.ts";
import * as F from "../../../src/machine/memory/struct_type.ts";
import type { Fields, Fn, Ptr, Struct } from "../../../src/machine/memory/struct_type.ts";

const X = await import("../../../src/machine/memory/access.ts");
const S = await import("../../../src/machine/memory/struct.ts");
const { kernel } = await import("../../../src/machine/calls/registry.ts");
const { onChange } = await import("../../../src/machine/memory/watch.ts");
const { isUnwritten } = await import("../../../src/machine/memory/shadow.ts");
const { hot } = views();

interface box
  extends Struct, Fields<{ n: number; p: Ptr<box>; f: Fn | null; w: number; list: number[] }> {}
const [o, other] = S.statics<box>("box", {
  n: F.int,
  p: F.ptr,
  f: F.fn,
  w: F.watched("test"),
  list: F.array(4),
}, 2);
const double = kernel("access_test_double", (x: number) => 2 * x);
const MIN = -(2 ** 31);
const MAX = 2 ** 31 - 1;

Deno.test("READ_ONCE() and WRITE_ONCE() move integers, pointers and functions", () => {
  X.WRITE_ONCE(o.$n, -3);
  assertEquals(X.READ_ONCE(o.$n), -3);
  X.WRITE_ONCE(o.$p, other);
  assertStrictEquals(X.READ_ONCE(o.$p), other);
  X.WRITE_ONCE(o.$p, null);
  assertStrictEquals(X.READ_ONCE(o.$p), null);
  X.WRITE_ONCE(o.$f, double);
  assertEquals(X.READ_ONCE(o.$f)!(4), 8);
  X.WRITE_ONCE(o.$f, null);
  assertStrictEquals(X.READ_ONCE(o.$f), null);
});

Deno.test("rcu_assign_pointer(), rcu_dereference_raw() and the acquire and release pair do the same", () => {
  X.rcu_assign_pointer(o.$p, other);
  assertStrictEquals(X.rcu_dereference_raw(o.$p), other);
  X.rcu_assign_pointer(o.$p, null);
  assertStrictEquals(o.p, null);
  X.smp_store_release(o.$n, 8);
  assertEquals(X.smp_load_acquire(o.$n), 8);
});

Deno.test("xchg() returns the old value, of any kind", () => {
  o.n = 1;
  assertEquals(X.xchg(o.$n, 2), 1);
  assertEquals(o.n, 2);
  o.p = null;
  assertStrictEquals(X.xchg(o.$p, other), null);
  assertStrictEquals(X.xchg(o.$p, null), other);
});

Deno.test("cmpxchg() stores only over the expected value, and returns what it found", () => {
  o.n = 5;
  assertEquals(X.cmpxchg(o.$n, 4, 9), 5);
  assertEquals(o.n, 5);
  assertEquals(X.cmpxchg(o.$n, 5, 9), 5);
  assertEquals(o.n, 9);
  o.p = other;
  assertStrictEquals(X.cmpxchg(o.$p, null, o), other);
  assertStrictEquals(X.cmpxchg(o.$p, other, null), other);
  assertStrictEquals(o.p, null);
});

Deno.test("atomic_*() add and subtract, and say what they promise to say", () => {
  X.atomic_set(o.$n, 10);
  X.atomic_add(5, o.$n);
  X.atomic_sub(1, o.$n);
  X.atomic_inc(o.$n);
  assertEquals(X.atomic_read(o.$n), 15);
  assertEquals(X.atomic_add_return(2, o.$n), 17);
  assertEquals(X.atomic_sub_return(7, o.$n), 10);
  assert(!X.atomic_sub_and_test(9, o.$n));
  assert(X.atomic_dec_and_test(o.$n));
  assertEquals(X.atomic_read(o.$n), 0);
});

Deno.test("atomic_add_return() wraps at 32 bits in memory and in what it returns", () => {
  X.atomic_set(o.$n, MAX);
  assertEquals(X.atomic_add_return(1, o.$n), MIN);
  assertEquals(o.n, MIN);
  assertEquals(X.atomic_sub_return(1, o.$n), MAX);
  assertEquals(o.n, MAX);
  X.atomic_set(o.$n, MIN);
  assert(X.atomic_sub_and_test(MIN, o.$n));
});

Deno.test("atomic_add_unless() leaves the forbidden value alone", () => {
  X.atomic_set(o.$n, 0);
  assert(!X.atomic_inc_not_zero(o.$n));
  assertEquals(o.n, 0);
  X.atomic_set(o.$n, 3);
  assert(X.atomic_inc_not_zero(o.$n));
  assertEquals(o.n, 4);
  assert(!X.atomic_add_unless(o.$n, 5, 4));
  assertEquals(o.n, 4);
});

Deno.test("this_cpu_add() and array_read() reach one element of an array", () => {
  for (let i = 0; i < 4; i++) X.this_cpu_add(o.$list, i, i - 1);
  X.this_cpu_add(o.$list, 2, 10);
  assertEquals([0, 1, 2, 3].map((i) => X.array_read(o.$list, i)), [-1, 0, 11, 2]);
});

Deno.test("bit operations change one bit, the highest too", () => {
  X.atomic_set(o.$n, 0);
  X.set_bit(31, o.$n);
  assertEquals(o.n, MIN);
  assert(X.test_bit(31, o.$n));
  assert(!X.test_bit(30, o.$n));
  assert(X.test_and_set_bit(31, o.$n));
  assert(!X.test_and_set_bit(0, o.$n));
  X.clear_bit(31, o.$n);
  assertEquals(o.n, 1);
});

Deno.test("marked operations on a watched field tell the watch the value before and after", () => {
  const seen: number[][] = [];
  onChange("test", (a, old, now) => seen.push([a - cellOf(o.$w as number), old, now]));
  X.atomic_set(o.$w, MAX);
  X.atomic_add_return(1, o.$w);
  X.atomic_inc_not_zero(o.$w);
  X.atomic_add_unless(o.$w, 1, MIN + 1);
  X.atomic_inc(o.$n);
  onChange("test", null);
  X.atomic_inc(o.$w);
  assertEquals(seen, [[0, MAX, MIN], [0, MIN, MIN + 1]]);
});

Deno.test("onChange() names a watch that no field is declared with", () => {
  assertThrows(
    () => onChange("tset", null),
    Error,
    'Cannot watch "tset": no field is declared as watched("tset")',
  );
});

Deno.test("WRITE_ONCE() of a value that was never written carries that along", () => {
  X.WRITE_ONCE(o.$n, NaN);
  assert(Number.isNaN(X.READ_ONCE(o.$n)));
  assert(isUnwritten(cellOf(o.$n as number)));
  X.WRITE_ONCE(o.$n, 1);
  assertEquals(X.READ_ONCE(o.$n), 1);
});

Deno.test("every marked operation passes exactly one point", () => {
  const ops: Record<string, () => unknown> = {
    READ_ONCE: () => X.READ_ONCE(o.$n),
    WRITE_ONCE: () => X.WRITE_ONCE(o.$n, 1),
    xchg: () => X.xchg(o.$n, 1),
    cmpxchg: () => X.cmpxchg(o.$n, 1, 2),
    atomic_read: () => X.atomic_read(o.$n),
    atomic_set: () => X.atomic_set(o.$n, 1),
    atomic_add: () => X.atomic_add(1, o.$n),
    atomic_sub: () => X.atomic_sub(1, o.$n),
    atomic_inc: () => X.atomic_inc(o.$n),
    atomic_add_return: () => X.atomic_add_return(1, o.$n),
    atomic_sub_return: () => X.atomic_sub_return(1, o.$n),
    atomic_sub_and_test: () => X.atomic_sub_and_test(1, o.$n),
    atomic_dec_and_test: () => X.atomic_dec_and_test(o.$n),
    atomic_add_unless: () => X.atomic_add_unless(o.$n, 1, 7),
    this_cpu_add: () => X.this_cpu_add(o.$list, 0, 1),
    array_read: () => X.array_read(o.$list, 0),
    set_bit: () => X.set_bit(1, o.$n),
    clear_bit: () => X.clear_bit(1, o.$n),
    test_bit: () => X.test_bit(1, o.$n),
    test_and_set_bit: () => X.test_and_set_bit(1, o.$n),
    smp_load_acquire: () => X.smp_load_acquire(o.$n),
    smp_store_release: () => X.smp_store_release(o.$n, 1),
    rcu_dereference: () => X.rcu_dereference_raw(o.$n),
    rcu_assign_pointer: () => X.rcu_assign_pointer(o.$n, 1),
    "plain load": () => o.n,
    "plain store": () => (o.n = 1),
  };
  for (const [name, op] of Object.entries(ops)) {
    const before = hot[COUNTDOWN];
    op();
    assertEquals(before - hot[COUNTDOWN], 1, name);
  }
});

Deno.test("atomic_add_return() is addition modulo 2^32", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (a, b) => {
      X.atomic_set(o.$n, a);
      assertEquals(X.atomic_add_return(b, o.$n), (a + b) | 0);
      assertEquals(X.atomic_sub_return(b, o.$n), a);
    }),
    RUNS,
  );
});
