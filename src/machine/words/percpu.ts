/**
 * Indices of the words each CPU keeps about itself, relative to its own block in `pcpu`.
 *
 * Other CPUs read READERS and READ_SEQ (grace periods) and the work and callback counts (who can
 * run); everything else is private to the CPU.
 *
 * @module
 */

/** Nesting of everything that counts as an RCU reader: sections, irqs off, preemption off, handlers. */
export const READERS = 0;
/** Incremented when the outermost reader ends. */
export const READ_SEQ = 1;
/** 1: interrupts are off. Changed with Atomics only. */
export const IRQ_OFF = 2;
/** Nesting of preempt_disable(). */
export const PREEMPT_OFF = 3;
/** Nesting of rcu_read_lock(). */
export const RCU_NESTING = 4;
/** Context, as an index into CONTEXTS. */
export const CONTEXT = 5;
/** Operation in execution, or -1. */
export const OP = 6;
/** Next own operation to look at in the program. */
export const NEXT_OP = 7;
/** Next interrupt operation to look at in the program. */
export const NEXT_IRQ = 8;
/** Interrupts that the schedule asked for and that could not be delivered yet. */
export const PENDING = 9;
/** Bit k-1: the k-th allocation of this operation fails. */
export const FAIL = 10;
/** Allocations made so far by this operation. */
export const ALLOCS = 11;
/** Work items queued: count, and position of the first. */
export const WORK_COUNT = 12;
export const WORK_HEAD = 13;
/** Callbacks in the RCU ring that this CPU owns. */
export const CALLBACKS = 14;
/** Locks held: count, then classes and addresses. */
export const HELD = 15;
/** 1: a softirq was asked for and could not run yet. */
export const SOFTIRQ_PENDING = 16;
/** Nesting of migrate_disable(). */
export const MIGRATE_OFF = 17;
/** Nesting of the softirq handler. */
export const IN_SOFTIRQ = 18;
/** Index of the last recorded point, or -1. */
export const LAST_TRACED = 20;
/** 1: in a kworker. */
export const IN_WORKER = 21;
/** Sleeping locks of PREEMPT_RT held. */
export const RT_LOCKS = 22;
/** Nesting of local_irq_save(). */
export const IRQ_DEPTH = 23;
/** Why this CPU last gave the baton away: a BY_ constant. */
export const LEFT = 56;
/** Nesting of rcu_read_lock_sched() and of rcu_read_lock_bh(). */
export const RCU_SCHED_NESTING = 57;
export const RCU_BH_NESTING = 58;
/** Nesting of local_bh_disable(). */
export const BH_OFF = 59;
/** Points of the execution when interrupts were last turned off. */
export const IRQ_OFF_SINCE = 60;
/** Contexts that lockdep tells apart and that this CPU is in, a bit each; see interrupt.ts. */
export const IN_CONTEXTS = 61;
/** 1: in a hardirq handler that PREEMPT_RT would not run in a thread. */
export const NO_THREAD = 62;
/** Nesting of functions inside which the books of accounting are open; see sanitizers/books.ts. */
export const BOOKS_OPEN = 63;
/** Locks held, up to 16: class and how (see lock.ts), and their addresses. */
export const HELD_CLASS = 24;
export const HELD_ADDR = 40;

/** What CONTEXT says. */
export const TASK = 0;
export const SOFTIRQ = 1;
export const HARDIRQ = 2;
export const NMI = 3;
/** Bits of IN_CONTEXTS: contexts in which a lock that is taken must be safe against them. */
export const IN_SOFTIRQ_CONTEXT = 1 << SOFTIRQ;
export const IN_HARDIRQ_CONTEXT = 1 << HARDIRQ;
export const IN_NMI_CONTEXT = 1 << NMI;
