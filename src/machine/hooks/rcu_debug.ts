/**
 * What RCU's own debugging looks at: PROVE_RCU and DEBUG_OBJECTS_RCU_HEAD.
 *
 * The kernel says what it is about to do, in the words of its own checks; a sanitizer judges.
 *
 * @module
 */

/** The oracle for RCU. */
export interface RcuObserver {
  /** A rule of use is broken; the kernel's words for which. */
  suspicious(what: string): void;
  /** A read-side section of a flavour ends that never began. */
  unbalanced(what: string): void;
  /** The head at address `a` is about to be queued. */
  queued(a: number): void;
}

let observer: RcuObserver | null = null;

/** Set or remove the observer. */
export function onRcu(o: RcuObserver | null): void {
  observer = o;
}

/** RCU_LOCKDEP_WARN(), its condition being true. */
export function rcuSuspicious(what: string): void {
  if (observer !== null) observer.suspicious(what);
}

/** lock_release() of a read-side section that is not held. */
export function rcuUnbalanced(what: string): void {
  if (observer !== null) observer.unbalanced(what);
}

/** debug_rcu_head_queue() */
export function rcuQueued(a: number): void {
  if (observer !== null) observer.queued(a);
}
