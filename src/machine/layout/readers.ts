/**
 * Words of each CPU about RCU. Other CPUs read the first two, to know which grace periods are over.
 *
 * @module
 */
import { percpuWords } from "./percpu.ts";

const word = percpuWords("readers");

/** Nesting of everything that counts as an RCU reader: sections, irqs off, preemption off, handlers. */
export const READERS: number = word();
/** Incremented when the outermost reader ends. */
export const READ_SEQ: number = word();
/** Nesting of rcu_read_lock(). */
export const RCU_NESTING: number = word();
/** Nesting of rcu_read_lock_sched() and of rcu_read_lock_bh(). */
export const RCU_SCHED_NESTING: number = word();
export const RCU_BH_NESTING: number = word();
/** Callbacks in the RCU ring that this CPU owns. */
export const CALLBACKS: number = word();
