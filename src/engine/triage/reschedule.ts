/**
 * Searches around a schedule: other schedules of one program. Each grows from the one before, at
 * the points where CPUs met.
 *
 * @module
 */
import type { Meetings } from "../../machine/executor.ts";
import type { Rng } from "../programs/rng.ts";
import { directed } from "../strategies/directed.ts";
import { SCHEDULE_WORDS } from "../../prog/layout.ts";
import { unpackNumeric } from "../../prog/pack.ts";
import type { Program } from "../../prog/types.ts";

/** Whether a program has more than one schedule. */
export function canReschedule(p: Program): boolean {
  return p.cpus > 1 || p.preempt !== "none" || p.ops.some((o) => o.context !== "task");
}

/** Draws schedules. It remembers which meetings were changed, for all programs of one search. */
export class Rescheduler {
  readonly #changed: Uint32Array;
  readonly #words = new Int32Array(SCHEDULE_WORDS);

  constructor(readonly meetings: Meetings, readonly rng: Rng) {
    this.#changed = new Uint32Array(meetings.keys);
  }

  /**
   * Draw another schedule for the program, with events within `points` points. All but the `first`
   * grow from the schedule that was drawn last; the last execution must have run the program under
   * it.
   */
  next(p: Program, points: number, first: boolean): Program {
    if (first) this.#words.fill(0);
    const interrupts = p.ops.filter((o) => o.context !== "task").length;
    const { meetings } = this;
    const past = { meetings, count: first ? 0 : meetings.count, changed: this.#changed };
    const preemptible = p.preempt !== "none";
    const situation = { cpus: p.cpus, points, interrupts, preemptible, past };
    directed.schedule(this.#words, situation, this.rng);
    return { ...p, schedule: unpackNumeric(this.#words, p.cpus) };
  }
}
