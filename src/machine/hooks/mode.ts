/**
 * The mode of a machine: who decides which CPU goes on, and how a CPU waits.
 *
 * Memory, locks and kernel code call what is here and know nothing of schedules. There are two modes:
 * *lockstep* (lockstep/), where one CPU at a time runs, under a schedule; and *free* (free/), where
 * all CPUs really run at once. A machine has one of them for its whole life.
 *
 * @module
 */

/** What a mode does. */
export interface Mode {
  /** The countdown has ended before an access of kind `prim` to the cell at `a`. */
  decide(prim: number, a: number): void;
  /**
   * Wait inside an operation until the condition (`kind`, `on`) holds; see the WAIT_ constants.
   * `sleeps` tells whether the kernel would schedule away here, which without kernel preemption is a
   * quiescent state; a CPU whose task sleeps still runs its callbacks.
   */
  block(kind: number, on: number, sleeps: boolean): void;
  /** An execution begins: forget the last one. */
  reset(): void;
  /** CPU 0 runs one execution: it starts the other CPUs and returns when the last one is done. */
  run(): void;
  /** Another CPU was woken: it does its part of the execution. */
  serve(): void;
}

let mode: Mode | null = null;

/** Set the mode of this machine. */
export function setMode(m: Mode): void {
  mode = m;
}

/** See {@linkcode Mode.decide}. */
export function decide(prim: number, a: number): void {
  mode!.decide(prim, a);
}

/** See {@linkcode Mode.block}. */
export function block(kind: number, on: number, sleeps: boolean): void {
  mode!.block(kind, on, sleeps);
}

/** See {@linkcode Mode.reset}. */
export function resetMode(): void {
  mode!.reset();
}

/** See {@linkcode Mode.run}. */
export function runMode(): void {
  mode!.run();
}

/** See {@linkcode Mode.serve}. */
export function serveMode(): void {
  mode!.serve();
}
