/**
 * What a scheduling strategy is: it writes a numeric schedule for one execution.
 *
 * @module
 */
import type { Rng } from "../programs/rng.ts";

/** What the last execution of a program showed about where its CPUs meet; see machine/meeting.ts. */
export interface Meetings {
  readonly count: number;
  /** Four words each, in the order of the execution. */
  readonly words: Int32Array;
  readonly nturns: number;
  /** Two words each. */
  readonly turns: Int32Array;
  /** How often schedules were changed at the meetings of each key, in this campaign. */
  readonly changed: Uint32Array;
}

/** What is known about the program to be scheduled. */
export interface Situation {
  /**
   * Those of the last execution, if it was of this program under the schedule that is still in the
   * output, and otherwise none; absent where nobody keeps track of them.
   */
  readonly meetings?: Meetings;
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
