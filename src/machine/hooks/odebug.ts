/**
 * What DEBUG_OBJECTS is told of work items, timers and RCU heads.
 *
 * @module
 */

/** What kind of object is initialised. */
export type Debugged = "work_struct" | "timer_list" | "rcu_head";

/** Told of an object that is about to be initialised, at address `a`. */
export type InitObserver = (type: Debugged, a: number) => void;

let observer: InitObserver | null = null;

/** Set or remove the observer. */
export function onObjectInit(f: InitObserver | null): void {
  observer = f;
}

/** debug_object_init() */
export function objectInit(type: Debugged, a: number): void {
  if (observer !== null) observer(type, a);
}
