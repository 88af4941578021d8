/**
 * The input of every job of CPU 0.
 *
 * @module
 */
import type { Board } from "../protocol/board.ts";
import type { DoneEvent, ShardEvent } from "../protocol/jobs.ts";
import type { Executor } from "../../machine/executor.ts";
import type { Target } from "../../prog/target.ts";
import type { TargetSpec } from "../../prog/types.ts";

export interface JobContext {
  readonly executor: Executor;
  readonly target: Target;
  readonly spec: TargetSpec;
  readonly board: Board;
  readonly say: (event: ShardEvent) => void;
}

/** The last event of a job. Counts that are not given are 0. */
export function done(counts: Partial<Omit<DoneEvent, "event">>): DoneEvent {
  return {
    event: "done",
    execs: 0,
    execs_per_sec: 0,
    points: 0,
    switches: 0,
    features: 0,
    titles: [],
    ...counts,
  };
}
