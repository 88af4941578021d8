/**
 * Which schedules are worth a try in one thread.
 *
 * An execution that fibers cannot finish, or that shows something, runs a second time, on Workers. How
 * often that happens depends on how often the schedule switches, and on how much there is still to see.
 * The choice changes no result, only the time.
 *
 * @module
 */
import {
  actionOf,
  DEMOTE,
  E_ACTION,
  eventAt,
  S_NEVENTS,
  S_WALK,
  SWITCH,
} from "../../prog/layout.ts";

/** Kinds of numeric schedules: by the number of their events that switch. */
const KINDS = 16;
/** The kind of all symbolic schedules. */
export const SYMBOLIC_KIND = KINDS;
/** The kind of all schedules that end in a walk. */
const WALK_KIND = KINDS + 1;
/** The average is one over about as many executions. */
const WEIGHT = 16;
/**
 * Share of executions that run twice above which a kind is not tried. One in one thread takes about
 * a third of the time.
 */
const TWICE_MAX = 0.6;
/** One in this many schedules of a kind that is not tried is tried all the same. */
const RETRY = 32;

/** The kind of a numeric schedule. */
export function kindOf(sched: Int32Array): number {
  if (sched[S_WALK] !== 0) return WALK_KIND;
  let n = 0;
  for (let i = 0; i < sched[S_NEVENTS]; i++) {
    const action = actionOf(sched[eventAt(i) + E_ACTION]);
    if (action === SWITCH || action === DEMOTE) n++;
  }
  return Math.min(n, KINDS - 1);
}

/** What became of the executions of each kind. */
export class Prospects {
  readonly #twice = new Float64Array(KINDS + 2);
  readonly #passed = new Int32Array(KINDS + 2);

  /** Whether an execution of this kind is worth a try. */
  areGood(kind: number): boolean {
    if (this.#twice[kind] <= TWICE_MAX) return true;
    this.#passed[kind] = (this.#passed[kind] + 1) % RETRY;
    return this.#passed[kind] === 0;
  }

  /** An execution of this kind was tried; it ran twice, or not. */
  note(kind: number, twice: boolean): void {
    this.#twice[kind] += ((twice ? 1 : 0) - this.#twice[kind]) / WEIGHT;
  }
}
