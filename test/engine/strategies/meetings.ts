/** Meetings as an executor has them after an execution, without a machine. */
import type { Meetings } from "../../../src/machine/executor.ts";

/** One meeting of nobody, in an execution without turns, but for what is given. */
export function meetingsWith(given: Partial<Meetings>): Meetings {
  return {
    keys: 1,
    count: 1,
    position: () => 0,
    key: () => 0,
    written: () => 0,
    writer: () => 0,
    reader: () => 0,
    cell: () => 0,
    writes: () => false,
    turns: 0,
    turnStart: () => 0,
    turnActor: () => 0,
    starts: 0,
    releases: 0,
    releasedAt: () => 0,
    releaser: () => 0,
    released: () => 0,
    ...given,
  };
}

/** Turns of actors, each with the number of points before it. */
export type Turns = readonly (readonly [before: number, actor: number])[];

/** The part of meetings that says whose turns they were. */
export function turnsOf(turns: Turns): Pick<Meetings, "turnActor" | "turnStart" | "turns"> {
  return { turns: turns.length, turnStart: (t) => turns[t][0], turnActor: (t) => turns[t][1] };
}
