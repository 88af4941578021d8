/**
 * The primitives, each one schedule point: their names are what symbolic schedules and reports say.
 *
 * @module
 */

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
] as const;

export type Primitive = typeof PRIMITIVES[number];

/** Number of a primitive. */
export function prim(name: Primitive): number {
  return PRIMITIVES.indexOf(name);
}
