/**
 * An execution that is kept while others of its program run: its schedule, its meetings and its turns.
 *
 * @module
 */
import type { Meetings } from "../../machine/executor.ts";
import {
  E_ACTION,
  E_GAP,
  eventAt,
  S_CPUS,
  S_NEVENTS,
  S_ORDER,
  SCHEDULE_WORDS,
} from "../../prog/layout.ts";

/** What a change of a schedule needs to know of the execution under it. */
export type MeetingList = Omit<
  Meetings,
  "keys" | "writes" | "starts" | "releases" | "releasedAt" | "releaser" | "released"
>;

/** Maximum of meetings and of turns that are kept; those behind are cut off. */
const MEETINGS_MAX = 256;
const TURNS_MAX = 64;

/** Copy a schedule: the order of the CPUs, and the events. */
export function copySchedule(from: Int32Array, to: Int32Array): void {
  const n = from[S_NEVENTS];
  const cpus = from[S_CPUS];
  to[S_NEVENTS] = n;
  to[S_CPUS] = cpus;
  for (let c = 0; c < cpus; c++) to[S_ORDER + c] = from[S_ORDER + c];
  for (let i = 0; i < n; i++) {
    to[eventAt(i) + E_GAP] = from[eventAt(i) + E_GAP];
    to[eventAt(i) + E_ACTION] = from[eventAt(i) + E_ACTION];
  }
}

export class KeptExecution implements MeetingList {
  count = 0;
  turns = 0;
  /** What tells it apart from others of the program. */
  hash = 0;
  readonly schedule = new Int32Array(SCHEDULE_WORDS);
  readonly #position = new Int32Array(MEETINGS_MAX);
  readonly #key = new Int32Array(MEETINGS_MAX);
  readonly #written = new Int32Array(MEETINGS_MAX);
  readonly #writer = new Int32Array(MEETINGS_MAX);
  readonly #reader = new Int32Array(MEETINGS_MAX);
  readonly #cell = new Int32Array(MEETINGS_MAX);
  readonly #turnStart = new Int32Array(TURNS_MAX);
  readonly #turnActor = new Int32Array(TURNS_MAX);

  position(m: number): number {
    return this.#position[m];
  }

  key(m: number): number {
    return this.#key[m];
  }

  written(m: number): number {
    return this.#written[m];
  }

  writer(m: number): number {
    return this.#writer[m];
  }

  reader(m: number): number {
    return this.#reader[m];
  }

  cell(m: number): number {
    return this.#cell[m];
  }

  turnStart(t: number): number {
    return this.#turnStart[t];
  }

  turnActor(t: number): number {
    return this.#turnActor[t];
  }

  /** The meeting at a position whose write is known; -1 if there is none. */
  meetingAt(position: number): number {
    for (let m = 0; m < this.count; m++) {
      if (this.#position[m] === position && this.#written[m] > 0) return m;
    }
    return -1;
  }

  /** Number of events of the schedule. */
  get events(): number {
    return this.schedule[S_NEVENTS];
  }

  /** Keep the execution that ran under this schedule. */
  keep(m: MeetingList, schedule: Int32Array, hash: number): void {
    this.hash = hash;
    copySchedule(schedule, this.schedule);
    this.refresh(m);
  }

  /** Keep what is known now of the same execution: it has run again, and actors have met elsewhere since. */
  refresh(m: MeetingList): void {
    this.count = Math.min(m.count, MEETINGS_MAX);
    for (let i = 0; i < this.count; i++) {
      this.#position[i] = m.position(i);
      this.#key[i] = m.key(i);
      this.#written[i] = m.written(i);
      this.#writer[i] = m.writer(i);
      this.#reader[i] = m.reader(i);
      this.#cell[i] = m.cell(i);
    }
    this.turns = Math.min(m.turns, TURNS_MAX);
    for (let t = 0; t < this.turns; t++) {
      this.#turnStart[t] = m.turnStart(t);
      this.#turnActor[t] = m.turnActor(t);
    }
  }
}
