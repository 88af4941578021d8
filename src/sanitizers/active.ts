/**
 * The sanitizers that take part in this machine, asked together.
 *
 * The engine and the reports ask here, and so depend on no particular sanitizer. If no active
 * sanitizer can answer, the answer is empty.
 *
 * @module
 */
import type { MemoryDescription, Sanitizer } from "./sanitizer.ts";
import type { LockOrdersSeen } from "../machine/executor.ts";
import type { Judges } from "../machine/workers.ts";

const NO_ORDERS: LockOrdersSeen = { count: () => 0, at: () => 0, from: () => 0, to: () => 0 };

export class ActiveSanitizers implements Judges {
  readonly #all: readonly Sanitizer[];

  constructor(all: readonly Sanitizer[]) {
    this.#all = all;
  }

  /** Choose which finding counts if an execution has several; see {@linkcode Sanitizer.expect}. */
  expect(titles: readonly string[] | null): void {
    for (const s of this.#all) s.expect?.(titles);
  }

  /** Do not report a title again, unless it is expected; see {@linkcode Sanitizer.ignore}. */
  ignore(title: string): void {
    for (const s of this.#all) s.ignore?.(title);
  }

  /** The memory around an address, as the first sanitizer that knows it describes it; or null. */
  describe(address: number): MemoryDescription | null {
    for (const s of this.#all) {
      const description = s.describe?.(address) ?? null;
      if (description !== null) return description;
    }
    return null;
  }

  /** The orders of lock classes; the object that is returned always shows the last execution's. */
  orders(): LockOrdersSeen {
    for (const s of this.#all) if (s.orders !== undefined) return s.orders();
    return NO_ORDERS;
  }
}
