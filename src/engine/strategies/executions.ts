/**
 * The executions of one program from which schedules grow: those that differ.
 *
 * About half of the schedules that are drawn at random lead to an execution that has been: an interrupt
 * waits until interrupts are on, a CPU that is asked to wait has nobody to wait for. Nothing grows from
 * those, and no schedule is tried twice.
 *
 * @module
 */
import { copySchedule, KeptExecution, type MeetingList } from "./kept_execution.ts";
import { TriedSchedules } from "./tried_schedules.ts";
import { hashOfTurns } from "./turns.ts";
import { UnturnedMeetings } from "./unturned_meetings.ts";
import type { Rng } from "../programs/rng.ts";
import { S_NEVENTS, S_ORDER } from "../../prog/layout.ts";

/** Maximum of executions that are kept. */
const KEPT_MAX = 32;

export class Executions {
  /** Number of executions that are kept. */
  count = 0;
  /** The execution that was noted last; null if it had been before. */
  last: KeptExecution | null = null;
  readonly tried = new TriedSchedules();
  readonly unturned = new UnturnedMeetings();
  readonly #kept = Array.from({ length: KEPT_MAX }, () => new KeptExecution());

  /** Another program comes. */
  clear(): void {
    this.count = 0;
    this.last = null;
    this.tried.clear();
    this.unturned.clear();
  }

  /** Note the execution that ran under a schedule. */
  note(m: MeetingList, schedule: Int32Array, rng: Rng): void {
    const hash = hashOfTurns(m);
    this.last = null;
    for (let i = 0; i < this.count; i++) {
      const e = this.#kept[i];
      if (e.hash !== hash) continue;
      if (m.count > e.count) {
        e.refresh(m);
        this.unturned.note(e);
      }
      // The fewer events lead to an execution, the more can be added.
      if (schedule[S_NEVENTS] < e.events) copySchedule(schedule, e.schedule);
      return;
    }
    this.last = this.#kept[this.count < KEPT_MAX ? this.count++ : rng.below(KEPT_MAX)];
    this.last.keep(m, schedule, hash);
    this.unturned.note(this.last);
  }

  /** The execution with this hash; null if it is not kept any more. */
  withHash(hash: number): KeptExecution | null {
    for (let i = 0; i < this.count; i++) if (this.#kept[i].hash === hash) return this.#kept[i];
    return null;
  }

  /** The one of two random executions whose schedule has fewer events. */
  choose(rng: Rng): KeptExecution {
    const a = this.#kept[rng.below(this.count)];
    const b = this.#kept[rng.below(this.count)];
    return a.events <= b.events ? a : b;
  }

  /** The execution without events whose CPUs have the order of this schedule; null if there is none. */
  plain(schedule: Int32Array, cpus: number): KeptExecution | null {
    for (let i = 0; i < this.count; i++) {
      const e = this.#kept[i];
      if (e.events > 0) continue;
      let c = 0;
      while (c < cpus && e.schedule[S_ORDER + c] === schedule[S_ORDER + c]) c++;
      if (c === cpus) return e;
    }
    return null;
  }
}
