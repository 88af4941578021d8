/**
 * Threads, mutexes and condition variables of a user-space program, over the machine.
 *
 * A thread is a CPU. Each call is one point, like each access to shared memory: the point comes before
 * what the call does. Mutexes are no kernel locks: sanitizers are left out, and a deadlock shows only
 * when all threads wait.
 *
 * @module
 */
import { BUG_ON } from "../../../src/machine/findings/warn.ts";
import { block } from "../../../src/machine/hooks/mode.ts";
import { CELL_WORDS } from "../../../src/machine/layout/meta.ts";
import { prim } from "../../../src/machine/layout/primitives.ts";
import { WAIT_LOCK, WAIT_WORD } from "../../../src/machine/layout/waits.ts";
import { noteRelease } from "../../../src/machine/memory/note_meetings.ts";
import { pointLock, pointRmw } from "../../../src/machine/memory/point.ts";
import { array, type Fields, int, type Struct } from "../../../src/machine/memory/struct_type.ts";
import { statics } from "../../../src/machine/memory/struct.ts";
import { views } from "../../../src/machine/words/arena.ts";

const { mem } = views();

const P = {
  lock: prim("mutex_lock"),
  unlock: prim("mutex_unlock"),
  wait: prim("wait"),
  signal: prim("wake"),
};

/** pthread_mutex_t: 0 is free. */
export interface Mutex extends Struct, Fields<{ lock: number }> {}

/** pthread_cond_t: threads that wait, and signals that no waiter has taken yet. */
export interface Condition extends Struct, Fields<{ waiting: number; signals: number }> {}

/** `n` mutexes, free. */
export function mutexes(name: string, n: number): Mutex[] {
  return statics<Mutex>(name, { lock: int }, n);
}

/** A free mutex. */
export function mutex(name: string): Mutex {
  return mutexes(name, 1)[0];
}

/** A condition variable. */
export function condition(name: string): Condition {
  return statics<Condition>(name, { waiting: int, signals: int }, 1)[0];
}

/** Shared integers, 0 at first. */
export function integers<K extends string>(
  name: string,
  ...names: K[]
): Struct & Fields<Record<K, number>> {
  const fields = Object.fromEntries(names.map((field) => [field, int]));
  return statics<Struct & Fields<Record<K, number>>>(name, fields, 1)[0];
}

/** A shared array of `n` integers, 0 at first. */
export function integerArray(
  name: string,
  n: number,
): Struct & Fields<Record<"at", readonly number[]>> {
  return statics<Struct & Fields<Record<"at", readonly number[]>>>(name, { at: array(n) }, 1)[0];
}

function take(a: number): void {
  while (mem[a] !== 0) block(WAIT_LOCK, a, true);
  mem[a] = 1;
}

/** pthread_mutex_lock() */
export function lock(m: Mutex): void {
  pointLock(P.lock, m.a);
  take(m.a);
}

/** pthread_mutex_unlock() */
export function unlock(m: Mutex): void {
  pointRmw(P.unlock, m.a);
  noteRelease(m.a);
  mem[m.a] = 0;
}

/** What `f` returns, called with the mutex held. */
export function locked<T>(m: Mutex, f: () => T): T {
  lock(m);
  const value = f();
  unlock(m);
  return value;
}

/** pthread_cond_wait(): one point lets the mutex go and waits. */
export function wait(c: Condition, m: Mutex): void {
  pointRmw(P.wait, c.a);
  noteRelease(m.a);
  const signals = c.a + CELL_WORDS;
  mem[c.a]++;
  mem[m.a] = 0;
  while (mem[signals] === 0) block(WAIT_WORD, signals, true);
  mem[signals]--;
  take(m.a);
}

/** pthread_cond_signal(): lost if nobody waits. */
export function signal(c: Condition): void {
  pointRmw(P.signal, c.a);
  if (mem[c.a] === 0) return;
  mem[c.a]--;
  mem[c.a + CELL_WORDS]++;
}

/** assert() */
export function expect(condition: boolean): void {
  BUG_ON(!condition);
}
