/**
 * What a sanitizer is.
 *
 * A sanitizer attaches itself to the machine's hooks and can be left out; none of them can be seen
 * by kernel code.
 *
 * @module
 */

export interface Sanitizer {
  /** As kernel people know it; the word for `--no-sanitizer`. */
  readonly name: string;
  /** One sentence for `--help`. */
  readonly doc: string;
  /** Whether it makes sense when CPUs really run in parallel. */
  readonly free: boolean;
  /** Whether it takes part; always, if absent. */
  enabled?(): boolean;
  /** Attach to the machine; once per Worker, after the kernel is loaded. */
  attach(): void;
  /** Forget the last execution; on CPU 0. */
  reset?(): void;
  /** Judge the state when no CPU has anything left to do; on CPU 0. */
  quiesce?(): void;
  /** Judge the state after everything was taken down; on CPU 0. */
  end?(): void;
  /** Say what did not end the execution, if nothing did; on CPU 0, after everything else. */
  verdict?(): void;
}
