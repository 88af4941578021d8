/**
 * The interface of a scheduling strategy: it writes a numeric schedule for one execution.
 *
 * @module
 */
import type { Meetings, Visits } from "../../machine/executor.ts";
import type { Rng } from "../programs/rng.ts";

/** What earlier executions show about where to change a schedule. */
export interface Past {
  readonly meetings: Meetings;
  /** The states of memory of the last execution, if that walked. Absent if nobody tells of them. */
  readonly visits?: Visits;
  /**
   * Number of usable meetings: all if the last execution ran this program under the schedule that
   * is still in the output, otherwise none.
   */
  readonly count: number;
  /**
   * Another number for each program that comes. Absent: it is another program if `count` is 0.
   */
  readonly program?: number;
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
  /** The CPUs that have such operations, one bit each; all if absent. */
  readonly handled?: number;
  /** Whether CPUs of the program start others; not if absent. */
  readonly starts?: boolean;
  /** Whether a kworker can preempt the task of its CPU. */
  readonly preemptible: boolean;
}

/** A way to choose schedules. */
export interface Strategy {
  readonly name: string;
  readonly doc: string;
  /** The same strategy for one campaign, if it remembers anything from schedule to schedule. */
  begin?(): Strategy;
  /** Write the schedule to `out`: the order of the CPUs, and the events. */
  schedule(out: Int32Array, s: Situation, rng: Rng): void;
  /**
   * Another strategy writes the next schedule: this one wrote that which is in the output, and the last
   * execution ran under it.
   */
  note?(out: Int32Array, s: Situation): void;
  /** The strategies that it consists of, and how many schedules each wrote; absent if it is one. */
  readonly parts?: StrategyParts;
  /** What the execution under the schedule that was written last has shown. In the loop. */
  paid?(p: Pay): void;
}

/** Strategies by number: their names, and the number of schedules that each wrote in this campaign. */
export interface StrategyParts {
  readonly names: readonly string[];
  readonly counts: Float64Array;
}

/** What an execution has shown. */
export interface Pay {
  /** Number of new features. */
  readonly features: number;
  /** Whether there is a finding with a title that the campaign did not have. */
  readonly isNewTitle: boolean;
  /** How often the rarest state that was reached had been reached before; Infinity if none was. */
  readonly state: number;
}
