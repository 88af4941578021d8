/**
 * Words of each CPU about contexts: which one it is in, and what keeps others away.
 *
 * @module
 */
import { percpuWords } from "./percpu.ts";

const word = percpuWords("contexts");

/** Context, as an index into CONTEXTS. */
export const CONTEXT: number = word();
/** Context of the actor that this CPU is; see actors.ts. */
export const ACTS_AS: number = word();
/** Contexts that lockdep tells apart and that this CPU is in, a bit each; see interrupt.ts. */
export const IN_CONTEXTS: number = word();
/** Nesting of the softirq handler. */
export const IN_SOFTIRQ: number = word();
/** 1: in a hardirq handler that PREEMPT_RT would not run in a thread. */
export const NO_THREAD: number = word();
/** 1: interrupts are off. Changed with Atomics only. */
export const IRQ_OFF: number = word();
/** Nesting of local_irq_save(). */
export const IRQ_DEPTH: number = word();
/** Points of the execution when interrupts were last turned off. */
export const IRQ_OFF_SINCE: number = word();
/** Nesting of local_bh_disable(). */
export const BH_OFF: number = word();
/** Nesting of preempt_disable(). */
export const PREEMPT_OFF: number = word();
/** Nesting of migrate_disable(). */
export const MIGRATE_OFF: number = word();
/** Interrupts that the schedule asked for and that could not be delivered yet. */
export const PENDING: number = word();
/** 1: a softirq was asked for and could not run yet. */
export const SOFTIRQ_PENDING: number = word();

/** What CONTEXT says. */
export const TASK = 0;
export const SOFTIRQ = 1;
export const HARDIRQ = 2;
export const NMI = 3;
/** Bits of IN_CONTEXTS: contexts in which a lock that is taken must be safe against them. */
export const IN_SOFTIRQ_CONTEXT = 1 << SOFTIRQ;
export const IN_HARDIRQ_CONTEXT = 1 << HARDIRQ;
export const IN_NMI_CONTEXT = 1 << NMI;
