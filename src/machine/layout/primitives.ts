/**
 * The primitives, each one schedule point: their names are what symbolic schedules and reports say.
 *
 * @module
 */
import { accessKind } from "../../report/access_kind.ts";

export const PRIMITIVES = [
  "load",
  "store",
  "READ_ONCE",
  "WRITE_ONCE",
  "xchg",
  "cmpxchg",
  "atomic_read",
  "atomic_set",
  "atomic_add",
  "atomic_add_return",
  "atomic_add_unless",
  "this_cpu_add",
  "set_bit",
  "clear_bit",
  "test_and_set_bit",
  "rcu_dereference",
  "rcu_assign_pointer",
  "rcu_read_lock",
  "rcu_read_unlock",
  "call_rcu",
  "synchronize_rcu",
  "local_irq_save",
  "local_irq_restore",
  "preempt_disable",
  "preempt_enable",
  "spin_lock",
  "spin_unlock",
  "spin_trylock",
  "mutex_lock",
  "mutex_unlock",
  "mutex_trylock",
  "local_lock",
  "local_unlock",
  "kmalloc",
  "kfree",
  "queue_work",
  "run_work",
  "run_callback",
  "cpu_start",
  "cpu_join",
  "wait",
  "wake",
  "smp_load_acquire",
  "smp_store_release",
  "smp_mb",
  "smp_rmb",
  "smp_wmb",
  "local_irq_disable",
  "local_irq_enable",
  "local_bh_disable",
  "local_bh_enable",
  "raw_spin_lock",
  "raw_spin_unlock",
  "raw_spin_trylock",
  "read_lock",
  "read_unlock",
  "read_trylock",
  "write_lock",
  "write_unlock",
  "write_trylock",
  "down_read",
  "up_read",
  "down_read_trylock",
  "down_write",
  "up_write",
  "down_write_trylock",
  "downgrade_write",
  "local_trylock",
  "mod_timer",
  "del_timer",
] as const;

export type Primitive = typeof PRIMITIVES[number];

/** For each primitive, by number: 1 if it only reads. A table for hot modules, each of which has its own. */
export function readingPrimitives(): Uint8Array {
  return Uint8Array.from(PRIMITIVES, (what) => accessKind(what) === "read" ? 1 : 0);
}

/** Number of a primitive. */
export function prim(name: Primitive): number {
  return PRIMITIVES.indexOf(name);
}
