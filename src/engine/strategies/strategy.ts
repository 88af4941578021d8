/**
 * The interface of a scheduling strategy: it writes a numeric schedule for one execution.
 *
 * @module
 */
import type { Meetings } from "../../machine/executor.ts";
import type { Rng } from "../programs/rng.ts";

/** What earlier executions show about where to change a schedule. */
export interface Past {
  readonly meetings: Meetings;
  /**
   * Number of usable meetings: all if the last execution ran this program under the schedule that
   * is still in the output, otherwise none.
   */
  readonly count: number;
  /** Number of changes at the meetings of each key, in this campaign. */
  readonly changed: Uint32Array;
}

/** What a strategy knows about the program. */
export interface Situation {
  /** Absent if nobody records meetings. */
  readonly past?: Past;
  readonly cpus: number;
  /** Number of points of recent executions of this program, roughly. */
  readonly points: number;
  /** Number of interrupt operations of the program. */
  readonly interrupts: number;
  /** Whether a kworker can preempt the task of its CPU. */
  readonly preemptible: boolean;
}

export interface Strategy {
  readonly name: string;
  readonly doc: string;
  /** Write the schedule to `out`: the order of the CPUs, and the events. */
  schedule(out: Int32Array, s: Situation, rng: Rng): void;
}
