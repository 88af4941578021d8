/**
 * Directed: changes schedules at the points where actors meet.
 *
 * A race happens between two points at which actors meet (src/machine/memory/note_meetings.ts), and
 * few points are meetings. A schedule grows by one change per execution from one that an earlier
 * execution of the program ran under. Positions are therefore exact: the execution is equal to that one
 * up to the change. Meetings that no execution had before are turned round first
 * (unturned_meetings.ts); when none waits, there is any change (changes.ts) of any execution, often
 * the last one.
 *
 * Nothing grows from executions that had been before, and no schedule is tried twice (executions.ts), as
 * far as a bounded memory tells: stateless model checkers search so, in an order of their own (Godefroid,
 * POPL 1997). Now and then a new order of the CPUs is drawn; sometimes a schedule of plain PCT.
 *
 * Comments of constants tell what other values are worth: executions until a bug is found, relative to
 * the present value (`deno task tune`, November 2026, before executions were kept; the table is in
 * test/bench/README.md).
 *
 * @module
 */
import { change, noteWait } from "./changes.ts";
import { beginEvents, finishEvents } from "./events.ts";
import { Executions } from "./executions.ts";
import { copySchedule } from "./kept_execution.ts";
import { pct } from "./pct.ts";
import { EVENTS_MAX, reverse } from "./reverse.ts";
import type { Past, Situation, Strategy } from "./strategy.ts";
import type { Unturned } from "./unturned_meetings.ts";
import type { Rng } from "../programs/rng.ts";

/**
 * One in this many schedules starts from nothing; the others grow by a change. In hunts, with 3 or
 * 10: no difference.
 */
const ANEW = 5;
/**
 * Of those that start from nothing, one in this many is a PCT schedule; the others only order the
 * CPUs.
 */
const AS_PCT = 8;
/** While meetings wait to be turned round, one in this many schedules that grow does not. */
const OTHERWISE = 16;
/** One in this many schedules that grow does so from any execution, although the last one is new. */
const ANY_EXECUTION = 2;
/** Number of executions that are tried to grow from. */
const PARENTS = 4;
/**
 * One in this many orders of the CPUs that ran before runs again: more may be known of where actors
 * meet. Of the others, a change is tried at once.
 */
const ORDER_AGAIN = 8;

class Directed implements Strategy {
  readonly name = "directed";
  readonly doc = "turns meetings of CPUs and interrupts round, and switches where they have met";
  readonly #executions = new Executions();
  readonly #unturned: Unturned = { execution: 0, position: 0 };
  #program = 0;

  begin(): Strategy {
    return new Directed();
  }

  schedule(out: Int32Array, s: Situation, rng: Rng): void {
    if (s.past === undefined) return pct.schedule(out, s, rng);
    this.#note(out, s, s.past, rng);
    if (!rng.oneIn(ANEW) && this.#grow(out, s, rng)) return;
    if (rng.oneIn(AS_PCT)) return pct.schedule(out, s, rng);
    beginEvents(out, s.cpus, rng);
    finishEvents(out);
    const e = this.#executions.plain(out, s.cpus);
    if (e !== null && !rng.oneIn(ORDER_AGAIN)) change(out, e, s, this.#executions, rng);
  }

  /** Note the last execution, if it ran under the schedule that is in the output. */
  #note(out: Int32Array, s: Situation, past: Past, rng: Rng): void {
    const { count, meetings, program } = past;
    if (program === undefined ? count === 0 : program !== this.#program) this.#executions.clear();
    this.#program = program ?? 0;
    if (count === 0) return;
    noteWait(out, meetings, s, this.#executions);
    this.#executions.note(meetings, out, rng);
  }

  /** Change the schedule of an execution; false if there is none, or nothing new was drawn. */
  #grow(out: Int32Array, s: Situation, rng: Rng): boolean {
    const all = this.#executions;
    if (all.count === 0) return false;
    if (!rng.oneIn(OTHERWISE) && this.#turnNew(out, s, s.past!.changed, rng)) return true;
    let e = all.last === null || rng.oneIn(ANY_EXECUTION) ? all.choose(rng) : all.last;
    for (let i = 0; i < PARENTS; i++) {
      if (change(out, e, s, all, rng)) return true;
      e = all.choose(rng);
    }
    return false;
  }

  /** Turn a meeting round that nobody has turned round yet; false if there is none. */
  #turnNew(out: Int32Array, s: Situation, changed: Uint32Array, rng: Rng): boolean {
    const all = this.#executions;
    const found = this.#unturned;
    while (all.unturned.take(found, changed, rng)) {
      const e = all.withHash(found.execution);
      const m = e?.meetingAt(found.position) ?? -1;
      if (e === null || m < 0 || e.events >= EVENTS_MAX) continue;
      copySchedule(e.schedule, out);
      if (reverse(out, e, m, null) && all.tried.take(out, s.cpus)) return true;
    }
    return false;
  }
}

export const directed: Strategy = new Directed();
