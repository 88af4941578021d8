/**
 * Actors: who passes a point. An actor is a context of a CPU, in one number.
 *
 * What runs on one CPU in different contexts races like two CPUs do: a handler comes at any point at
 * which it is let in, a kworker wherever it may preempt the task.
 *
 * @module
 */

/** Bits of the CPU's number. */
const CPU_BITS = 7;
/** Bits of an actor. */
export const ACTOR_BITS = 10;

// The contexts of an actor: those of context(), and two more.

/** A kworker, which is a task for everything else. */
export const ACTS_AS_KWORKER = 4;
/** RCU callbacks, which run in softirq context. */
export const ACTS_AS_CALLBACK = 5;

/** The actor that is `context` of CPU `cpu`; the task of a CPU has the CPU's number. */
export function actorOf(cpu: number, context: number): number {
  return cpu | (context << CPU_BITS);
}

/** The CPU of an actor. */
export function actorCpu(actor: number): number {
  return actor & ((1 << CPU_BITS) - 1);
}

/** The context of an actor. */
export function actorContext(actor: number): number {
  return actor >> CPU_BITS;
}
