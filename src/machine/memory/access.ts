/**
 * Marked accesses: the operations of the kernel that the compiler and other CPUs must respect.
 *
 * Each is one schedule point. In lockstep mode they are plain memory operations, since nobody else
 * runs; in free-running mode they are Atomics.
 *
 * @module
 */
import * as lvalues from "../layout/lvalue.ts";
import * as metaLayout from "../layout/meta.ts";
import * as orders from "../layout/order.ts";
import * as states from "../layout/shadow_states.ts";
import { views } from "../words/arena.ts";
import { elementAt, pointerElementAt } from "../layout/lvalue.ts";
import { loading, storing, updating } from "../clocks/clock_access.ts";
import { pointRead, pointRmw, pointWrite } from "./point.ts";
import { prim } from "../layout/primitives.ts";
import { idOf } from "../calls/registry.ts";
import { fieldAt } from "./field_at.ts";
import { checkAddress, isUnwritten } from "./shadow.ts";
import { objectAt } from "./objects.ts";
import type { Lvalue, Struct } from "./struct_type.ts";
import { UNINIT, uninitUse } from "../hooks/uninit.ts";
import { functionStored, noteUninitRead, storeUninit, uninitPointer } from "./uninit.ts";
import { watch } from "./watch.ts";

const { mem, FREE, KCSAN } = views();
const { KIND_BITS, KIND_MASK, LV_INT, LV_POINTER } = lvalues;
const { CELL_WORDS } = metaLayout;
const { ACQUIRE, FULL, PLAIN, RELAXED, RELEASE } = orders;
const { GARBAGE } = states;

const P_LOAD = prim("load");
const P_STORE = prim("store");
const P_READ_ONCE = prim("READ_ONCE");
const P_WRITE_ONCE = prim("WRITE_ONCE");
const P_XCHG = prim("xchg");
const P_CMPXCHG = prim("cmpxchg");
const P_ATOMIC_READ = prim("atomic_read");
const P_ATOMIC_SET = prim("atomic_set");
const P_ATOMIC_ADD = prim("atomic_add");
const P_ATOMIC_ADD_RETURN = prim("atomic_add_return");
const P_ATOMIC_ADD_UNLESS = prim("atomic_add_unless");
const P_THIS_CPU_ADD = prim("this_cpu_add");
const P_SET_BIT = prim("set_bit");
const P_CLEAR_BIT = prim("clear_bit");
const P_TEST_AND_SET_BIT = prim("test_and_set_bit");
const P_RCU_DEREFERENCE = prim("rcu_dereference");
const P_RCU_ASSIGN = prim("rcu_assign_pointer");
const P_LOAD_ACQUIRE = prim("smp_load_acquire");
const P_STORE_RELEASE = prim("smp_store_release");

/** What a cell holds, as the kernel sees it. */
function decode<T>(lv: number, a: number, v: number): T {
  if ((lv & KIND_MASK) === LV_INT) {
    if (!isUnwritten(a)) return v as T;
    noteUninitRead(a);
    return UNINIT as T;
  }
  if (v === 0) return null as T;
  return ((lv & KIND_MASK) === LV_POINTER
    ? objectAt(v) ?? uninitPointer(a)
    : functionStored(v)) as T;
}

/** Whether an encoded value is one that was never written. */
function isUninit(lv: number, w: number): boolean {
  return w !== w || (w === GARBAGE && (lv & KIND_MASK) !== LV_INT);
}

/** An operand that was never written: the operation uses it, whatever becomes of the result. */
function operand(v: number): void {
  if (v !== v) uninitUse("An operand of an atomic operation was never written.");
}

/** An index or a bit number that was never written. */
function index(i: number): void {
  if (i !== i) uninitUse("An index was never written.");
}

function encode(lv: number, v: unknown): number {
  if ((lv & KIND_MASK) === LV_INT) return v as number;
  if (v === null) return 0;
  return (lv & KIND_MASK) === LV_POINTER ? (v as Struct).a : idOf(v as (x: unknown) => unknown);
}

/** A load, with the order it asks for. */
export function get<T>(p: number, lv: Lvalue<T>, order = RELAXED): T {
  const a = fieldAt(lv);
  pointRead(p, a);
  // What is done through a pointer depends on its load: an address dependency.
  if (KCSAN) loading(p, a, (lv & KIND_MASK) !== LV_INT ? ACQUIRE : order);
  return decode<T>(lv, a, FREE ? Atomics.load(mem, a) : mem[a]);
}

/** A store, with the order it asks for. */
export function put<T>(p: number, lv: Lvalue<T>, v: T, order = RELAXED): void {
  const a = fieldAt(lv);
  pointWrite(p, a);
  const w = encode(lv, v);
  if (KCSAN) storing(p, a, mem[a], w, order);
  if (FREE) Atomics.store(mem, a, w);
  else mem[a] = w;
  if (isUninit(lv, w)) storeUninit(a);
}

/** READ_ONCE(): one untorn load. */
export function READ_ONCE<T>(lv: Lvalue<T>): T {
  return get(P_READ_ONCE, lv);
}

/** WRITE_ONCE(): one untorn store. */
export function WRITE_ONCE<T>(lv: Lvalue<T>, v: T): void {
  put(P_WRITE_ONCE, lv, v);
}

/** smp_load_acquire() */
export function smp_load_acquire<T>(lv: Lvalue<T>): T {
  return get(P_LOAD_ACQUIRE, lv, ACQUIRE);
}

/** smp_store_release() */
export function smp_store_release<T>(lv: Lvalue<T>, v: T): void {
  put(P_STORE_RELEASE, lv, v, RELEASE);
}

/**
 * rcu_dereference_raw(): a load whose result is used only inside a read-side section. Kernel code
 * takes rcu_dereference() and its kin, which check that, from kernel/rcu.ts.
 */
export function rcu_dereference_raw<T>(lv: Lvalue<T>): T {
  return get(P_RCU_DEREFERENCE, lv);
}

/** rcu_assign_pointer(): publish. */
export function rcu_assign_pointer<T>(lv: Lvalue<T>, v: T): void {
  put(P_RCU_ASSIGN, lv, v, RELEASE);
}

/** An exchange, with the order it asks for. */
export function exchange<T>(lv: Lvalue<T>, v: T, order: number): T {
  const a = fieldAt(lv);
  pointRmw(P_XCHG, a);
  const w = encode(lv, v);
  if (KCSAN) updating(P_XCHG, a, mem[a], w, order);
  let old: number;
  if (FREE) old = Atomics.exchange(mem, a, w);
  else {
    old = mem[a];
    mem[a] = w;
  }
  const was = decode<T>(lv, a, old);
  if (isUninit(lv, w)) storeUninit(a);
  return was;
}

/** xchg(): fully ordered; returns the old value. */
export function xchg<T>(lv: Lvalue<T>, v: T): T {
  return exchange(lv, v, FULL);
}

/** A conditional operation: one that fails is a load without order. */
function exchanging(p: number, a: number, succeeds: boolean, w: number, order: number): void {
  if (succeeds) updating(p, a, mem[a], w, order);
  else loading(p, a, RELAXED);
}

/** A conditional exchange, with the order it asks for. */
export function compareExchange<T>(lv: Lvalue<T>, expected: T, v: T, order: number): T {
  const a = fieldAt(lv);
  pointRmw(P_CMPXCHG, a);
  const e = encode(lv, expected);
  operand(e);
  const w = encode(lv, v);
  if (KCSAN) exchanging(P_CMPXCHG, a, mem[a] === e, w, order);
  let old: number;
  if (FREE) old = Atomics.compareExchange(mem, a, e, w);
  else {
    old = mem[a];
    if (old === e) mem[a] = w;
  }
  const was = decode<T>(lv, a, old);
  if (old === e && isUninit(lv, w)) storeUninit(a);
  return was;
}

/** cmpxchg(): store `v` if the value is `expected`; returns the value found. */
export function cmpxchg<T>(lv: Lvalue<T>, expected: T, v: T): T {
  return compareExchange(lv, expected, v, FULL);
}

/** atomic_read() */
export function atomic_read(lv: Lvalue<number>): number {
  return get(P_ATOMIC_READ, lv);
}

/** atomic_set() */
export function atomic_set(lv: Lvalue<number>, v: number): void {
  put(P_ATOMIC_SET, lv, v);
}

/** An addition, with the order it asks for; returns the new value. */
export function add(p: number, lv: number, n: number, order: number): number {
  operand(n);
  const a = fieldAt(lv);
  pointRmw(p, a);
  if (KCSAN) updating(p, a, mem[a], (mem[a] + n) | 0, order);
  let old: number;
  if (FREE) old = Atomics.add(mem, a, n);
  else {
    old = mem[a];
    mem[a] = old + n;
  }
  watch(a, old, (old + n) | 0);
  return (old + n) | 0;
}

/** atomic_add(): no ordering. */
export function atomic_add(n: number, lv: Lvalue<number>): void {
  add(P_ATOMIC_ADD, lv, n, RELAXED);
}

/** atomic_sub(): no ordering. */
export function atomic_sub(n: number, lv: Lvalue<number>): void {
  add(P_ATOMIC_ADD, lv, -n, RELAXED);
}

/** atomic_add_return(): fully ordered. */
export function atomic_add_return(n: number, lv: Lvalue<number>): number {
  return add(P_ATOMIC_ADD_RETURN, lv, n, FULL);
}

/** atomic_sub_return(): fully ordered. */
export function atomic_sub_return(n: number, lv: Lvalue<number>): number {
  return add(P_ATOMIC_ADD_RETURN, lv, -n, FULL);
}

/** atomic_sub_and_test(): whether the result is zero. */
export function atomic_sub_and_test(n: number, lv: Lvalue<number>): boolean {
  return add(P_ATOMIC_ADD_RETURN, lv, -n, FULL) === 0;
}

/** atomic_dec_and_test() */
export function atomic_dec_and_test(lv: Lvalue<number>): boolean {
  return add(P_ATOMIC_ADD_RETURN, lv, -1, FULL) === 0;
}

/** atomic_inc() */
export function atomic_inc(lv: Lvalue<number>): void {
  add(P_ATOMIC_ADD, lv, 1, RELAXED);
}

/** atomic_add_unless(): whether `n` was added, which it is not if the value is `u`. */
export function atomic_add_unless(lv: Lvalue<number>, n: number, u: number): boolean {
  operand(n + u);
  const a = fieldAt(lv);
  pointRmw(P_ATOMIC_ADD_UNLESS, a);
  if (KCSAN) exchanging(P_ATOMIC_ADD_UNLESS, a, mem[a] !== u, mem[a] + n, FULL);
  for (;;) {
    const old = FREE ? Atomics.load(mem, a) : mem[a];
    if (old === u) return false;
    if (!FREE) mem[a] = old + n;
    else if (Atomics.compareExchange(mem, a, old, (old + n) | 0) !== old) continue;
    watch(a, old, (old + n) | 0);
    return true;
  }
}

/** atomic_inc_not_zero() */
export function atomic_inc_not_zero(lv: Lvalue<number>): boolean {
  return atomic_add_unless(lv, 1, 0);
}

/** this_cpu_add() on element `cpu` of an array: atomic against interrupts, no more. */
export function this_cpu_add(array: Lvalue<unknown>, cpu: number, n: number): void {
  index(cpu);
  operand(n);
  const a = fieldAt(array) + CELL_WORDS * cpu;
  pointRmw(P_THIS_CPU_ADD, a);
  if (KCSAN) updating(P_THIS_CPU_ADD, a, mem[a], mem[a] + n, RELAXED);
  mem[a] += n;
}

/** Address of element `i` of an array, or of the cell `i` cells on: `&p[i]`. */
export function element<T>(array: Lvalue<T>, i: number): Lvalue<number> {
  index(i);
  fieldAt(array);
  return elementAt(array, i) as Lvalue<number>;
}

/** Address of element `i` of an array of pointers: `&p[i]`. */
export function pointer_element<T>(array: Lvalue<T>, i: number): Lvalue<T> {
  index(i);
  fieldAt(array);
  return pointerElementAt(array, i) as Lvalue<T>;
}

/** Element `i` of an array of integers: a plain load, `p[i]`. */
export function array_load(array: Lvalue<unknown>, i: number): number {
  const p = element(array, i);
  checkAddress(p >> KIND_BITS, false);
  return get(P_LOAD, p, PLAIN);
}

/** Set element `i` of an array of integers: a plain store, `p[i] = v`. */
export function array_store(array: Lvalue<unknown>, i: number, v: number): void {
  const p = element(array, i);
  checkAddress(p >> KIND_BITS, true);
  put(P_STORE, p, v, PLAIN);
}

/** Element `i` of an array, READ_ONCE() style. */
export function array_read(array: Lvalue<unknown>, i: number): number {
  index(i);
  const a = fieldAt(array) + CELL_WORDS * i;
  pointRead(P_READ_ONCE, a);
  if (KCSAN) loading(P_READ_ONCE, a, RELAXED);
  return decode<number>(0, a, FREE ? Atomics.load(mem, a) : mem[a]);
}

/** The same, WRITE_ONCE() style. */
export function array_write(array: Lvalue<unknown>, i: number, v: number): void {
  const a = fieldAt(array) + CELL_WORDS * i;
  pointWrite(P_WRITE_ONCE, a);
  if (KCSAN) storing(P_WRITE_ONCE, a, mem[a], v, RELAXED);
  if (FREE) Atomics.store(mem, a, v);
  else mem[a] = v;
}

/** set_bit() */
export function set_bit(bit: number, lv: Lvalue<number>): void {
  index(bit);
  const a = fieldAt(lv);
  pointRmw(P_SET_BIT, a);
  if (KCSAN) updating(P_SET_BIT, a, mem[a], mem[a] | (1 << bit), RELAXED);
  if (FREE) Atomics.or(mem, a, 1 << bit);
  else mem[a] |= 1 << bit;
}

/** clear_bit() */
export function clear_bit(bit: number, lv: Lvalue<number>): void {
  index(bit);
  const a = fieldAt(lv);
  pointRmw(P_CLEAR_BIT, a);
  if (KCSAN) updating(P_CLEAR_BIT, a, mem[a], mem[a] & ~(1 << bit), RELAXED);
  const old = FREE ? Atomics.and(mem, a, ~(1 << bit)) : mem[a];
  if (!FREE) mem[a] = old & ~(1 << bit);
  watch(a, old, old & ~(1 << bit));
}

/** test_bit() */
export function test_bit(bit: number, lv: Lvalue<number>): boolean {
  index(bit);
  return ((get(P_READ_ONCE, lv) >> bit) & 1) !== 0;
}

/** test_and_set_bit(): whether it was set. */
export function test_and_set_bit(bit: number, lv: Lvalue<number>): boolean {
  index(bit);
  const a = fieldAt(lv);
  pointRmw(P_TEST_AND_SET_BIT, a);
  if (KCSAN) updating(P_TEST_AND_SET_BIT, a, mem[a], mem[a] | (1 << bit), FULL);
  let old: number;
  if (FREE) old = Atomics.or(mem, a, 1 << bit);
  else {
    old = mem[a];
    mem[a] = old | (1 << bit);
  }
  return ((old >> bit) & 1) !== 0;
}
