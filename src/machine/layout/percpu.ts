/**
 * Indices of the words each CPU keeps about itself, relative to its own block in `pcpu`.
 *
 * Other CPUs read READERS and READ_SEQ (grace periods) and the work and callback counts (who can
 * run); everything else is private to the CPU.
 *
 * @module
 */
import { numbering } from "./numbering.ts";
import { HELD_MAX, PCPU_WORDS } from "./sizes.ts";

const word = numbering("percpu", 0, PCPU_WORDS);

/** Nesting of everything that counts as an RCU reader: sections, irqs off, preemption off, handlers. */
export const READERS: number = word();
/** Incremented when the outermost reader ends. */
export const READ_SEQ: number = word();
/** 1: interrupts are off. Changed with Atomics only. */
export const IRQ_OFF: number = word();
/** Nesting of preempt_disable(). */
export const PREEMPT_OFF: number = word();
/** Nesting of rcu_read_lock(). */
export const RCU_NESTING: number = word();
/** Context, as an index into CONTEXTS. */
export const CONTEXT: number = word();
/** Operation in execution, or -1. */
export const OP: number = word();
/** Next own operation to look at in the program. */
export const NEXT_OP: number = word();
/** Next interrupt operation to look at in the program. */
export const NEXT_IRQ: number = word();
/** Interrupts that the schedule asked for and that could not be delivered yet. */
export const PENDING: number = word();
/** Bit k-1: the k-th allocation of this operation fails. */
export const FAIL: number = word();
/** Allocations made so far by this operation. */
export const ALLOCS: number = word();
/** Work items queued: count, and position of the first. */
export const WORK_COUNT: number = word();
export const WORK_HEAD: number = word();
/** Callbacks in the RCU ring that this CPU owns. */
export const CALLBACKS: number = word();
/** Locks held: how many. */
export const HELD: number = word();
/** 1: a softirq was asked for and could not run yet. */
export const SOFTIRQ_PENDING: number = word();
/** Nesting of migrate_disable(). */
export const MIGRATE_OFF: number = word();
/** Nesting of the softirq handler. */
export const IN_SOFTIRQ: number = word();
/** Index of the last recorded point, or -1. */
export const LAST_TRACED: number = word();
/** 1: in a kworker. */
export const IN_WORKER: number = word();
/** Sleeping locks of PREEMPT_RT held. */
export const RT_LOCKS: number = word();
/** Nesting of local_irq_save(). */
export const IRQ_DEPTH: number = word();
/** Why this CPU last gave the baton away: a BY_ constant. */
export const LEFT: number = word();
/** Nesting of rcu_read_lock_sched() and of rcu_read_lock_bh(). */
export const RCU_SCHED_NESTING: number = word();
export const RCU_BH_NESTING: number = word();
/** Nesting of local_bh_disable(). */
export const BH_OFF: number = word();
/** Points of the execution when interrupts were last turned off. */
export const IRQ_OFF_SINCE: number = word();
/** Contexts that lockdep tells apart and that this CPU is in, a bit each; see interrupt.ts. */
export const IN_CONTEXTS: number = word();
/** 1: in a hardirq handler that PREEMPT_RT would not run in a thread. */
export const NO_THREAD: number = word();
/** Nesting of functions inside which the books of accounting are open; see sanitizers/books.ts. */
export const BOOKS_OPEN: number = word();
/** 1: the schedule left this CPU after an operation, before what that deferred. */
export const BETWEEN: number = word();
/** Locks held: class and how (see lock.ts), and their addresses. */
export const HELD_CLASS: number = word(HELD_MAX);
export const HELD_ADDR: number = word(HELD_MAX);

/** What CONTEXT says. */
export const TASK = 0;
export const SOFTIRQ = 1;
export const HARDIRQ = 2;
export const NMI = 3;
/** Bits of IN_CONTEXTS: contexts in which a lock that is taken must be safe against them. */
export const IN_SOFTIRQ_CONTEXT = 1 << SOFTIRQ;
export const IN_HARDIRQ_CONTEXT = 1 << HARDIRQ;
export const IN_NMI_CONTEXT = 1 << NMI;
