/**
 * What a scheduling strategy is: it writes a numeric schedule for one execution.
 *
 * @module
 */
import type { Meetings } from "../../machine/executor.ts";
import type { Rng } from "../programs/rng.ts";

/** What executions before say about where to change a schedule. */
export interface Past {
  readonly meetings: Meetings;
  /**
   * How many of the meetings may be used: all if the last execution was of this program under the
   * schedule that is still in the output, otherwise none.
   */
  readonly count: number;
  /** How often schedules were changed at the meetings of each key, in this campaign. */
  readonly changed: Uint32Array;
}

/** What is known about the program to be scheduled. */
export interface Situation {
  /** Absent where nobody keeps track of it. */
  readonly past?: Past;
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
