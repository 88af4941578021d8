/**
 * Searching around a schedule: other schedules of one program, each grown from the one before at the
 * points where CPUs met.
 *
 * @module
 */
import { FEATURES } from "../../machine/layout/features.ts";
import { SCHEDULE_WORDS } from "../../prog/layout.ts";
import type { Rng } from "../programs/rng.ts";
import { directed } from "../strategies/directed.ts";
import { lastMeetings } from "../strategies/meetings.ts";
import { unpackNumeric } from "../../prog/pack.ts";
import type { Program } from "../../prog/types.ts";

/** Whether a program has more than one schedule. */
export function canReschedule(p: Program): boolean {
  return p.cpus > 1 || p.ops.some((o) => o.context !== "task");
}

/** Draws schedules; what was changed often counts for all programs of one search. */
export class Rescheduler {
  readonly #changed = new Uint32Array(FEATURES);
  readonly #words = new Int32Array(SCHEDULE_WORDS);
  readonly #rng: Rng;

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  /**
   * The program under another schedule, whose events lie within so many points. All but the `first`
   * one grow from the schedule drawn last, under which the program was the last to run.
   */
  next(p: Program, points: number, first: boolean): Program {
    if (first) this.#words.fill(0);
    const interrupts = p.ops.filter((o) => o.context !== "task").length;
    const meetings = lastMeetings(this.#changed, !first);
    directed.schedule(this.#words, { cpus: p.cpus, points, interrupts, meetings }, this.#rng);
    return { ...p, schedule: unpackNumeric(this.#words, p.cpus) };
  }
}
