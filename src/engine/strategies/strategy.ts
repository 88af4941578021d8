/**
 * What a scheduling strategy is: it writes a numeric schedule for one execution.
 *
 * @module
 */
import type { Rng } from "../rng.ts";

/** What is known about the program to be scheduled. */
export interface Situation {
  readonly cpus: number;
  /** Points that recent executions of this program took, about. */
  readonly points: number;
  /** Interrupt operations it has. */
  readonly interrupts: number;
}

export interface Strategy {
  readonly name: string;
  readonly doc: string;
  /** Fill `out`: initial order and events. */
  schedule(out: Int32Array, s: Situation, rng: Rng): void;
}
