/**
 * The interface of a sanitizer.
 *
 * A sanitizer attaches itself to hooks of the machine. Kernel code cannot see it, and nothing
 * outside of src/sanitizers imports it: everybody else asks all active sanitizers through
 * {@linkcode ActiveSanitizers} (active.ts).
 *
 * A machine loads its sanitizers once on every CPU. "The last execution" is the one that ended
 * last; what is said of it holds until the next one begins.
 *
 * @module
 */

import type { LockOrdersSeen } from "../machine/executor.ts";

/** What a sanitizer knows of the memory around an address, as lines of a report. */
export interface MemoryDescription {
  /** Which object the address belongs to, and where in it the address lies. */
  readonly belongs: readonly string[];
  /** The states of the cells around the address. */
  readonly around: readonly string[];
}

export interface Sanitizer {
  /** The name by which kernel developers know it; also the word for `--no-sanitizer`. */
  readonly name: string;
  /** One sentence for `--help`. */
  readonly doc: string;
  /** Whether it can judge CPUs that really run in parallel. */
  readonly free: boolean;
  /** Whether it takes part in a machine of this configuration; always, if absent. */
  enabled?(): boolean;
  /** Attach to the machine; once on every CPU, after the kernel and the target are loaded. */
  attach(): void;
  /** Forget the last execution; on CPU 0, before boot operations run. */
  reset?(): void;
  /** Judge the state when no CPU has anything left to do; on CPU 0. */
  quiesce?(): void;
  /** Judge the state after everything was taken down; on CPU 0. */
  end?(): void;
  /**
   * Report what was noted without ending the execution, if nothing else was found; on CPU 0, after
   * all other judgements.
   */
  verdict?(): void;
  /**
   * Choose among several findings of one execution, from now until the next call; on CPU 0. With
   * titles, the executions reproduce a finding: the finding is the one that has such a title, if
   * there is one, and otherwise the first. With null, they search for new findings: those that were
   * passed to {@linkcode ignore} are left out.
   */
  expect?(titles: readonly string[] | null): void;
  /**
   * Do not report this title again while nothing is expected. It is the title of the last
   * execution's finding, of whichever sanitizer; on CPU 0.
   */
  ignore?(title: string): void;
  /**
   * Describe the memory around the address of a finding for its report; null if it cannot. The
   * address is an index of a model memory word (`OopsRecord.addr`); the state is that of the last
   * execution.
   */
  describe?(address: number): MemoryDescription | null;
  /** The orders of lock classes; always the same object, which shows the last execution's. */
  orders?(): LockOrdersSeen;
}
