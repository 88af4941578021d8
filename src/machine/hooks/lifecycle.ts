/**
 * What a target and its sanitizers add to every execution.
 *
 * @module
 */

/** Called on CPU 0, in this order, at most once per execution. */
export interface Lifecycle {
  /** Fill the slots of what exists before the first operation. */
  predefine(): void;
  /** Count states as coverage; after the boot operations, and again at the end. */
  observe(): void;
  /** Checks when no CPU has anything left to do. */
  quiesce(): void;
  /** Whether taking everything down might leave something over: asked in the loop. */
  suspicious(): boolean;
  /** Take everything down, and check what is left. */
  finish(): void;
  /** Report what did not end the execution. */
  verdict(): void;
}

let current: Lifecycle = {
  predefine() {},
  observe() {},
  quiesce() {},
  suspicious: () => true,
  finish() {},
  verdict() {},
};

/** Set the target's part. */
export function setLifecycle(l: Lifecycle): void {
  current = l;
}

/** The target's part. */
export function lifecycle(): Lifecycle {
  return current;
}
