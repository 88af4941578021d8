/**
 * The schedules of one program that were tried, and those that are known to lead to the same.
 *
 * @module
 */
import { mix } from "./turns.ts";
import { E_ACTION, E_GAP, eventAt, S_NEVENTS, S_ORDER } from "../../prog/layout.ts";

/** Places of the table; a power of two. When half of them are taken, nothing more is noted. */
const PLACES = 4096;

/** A schedule as a number, from its first `events` events. */
function hashOf(schedule: Int32Array, cpus: number, events: number): number {
  let hash = 1;
  for (let c = 0; c < cpus; c++) hash = mix(hash, schedule[S_ORDER + c]);
  let at = 0;
  for (let i = 0; i < events; i++) {
    at += schedule[eventAt(i) + E_GAP];
    hash = mix(mix(hash, at), schedule[eventAt(i) + E_ACTION]);
  }
  return hash;
}

export class TriedSchedules {
  readonly #table = new Int32Array(PLACES);
  #taken = 0;

  /** Another program comes. */
  clear(): void {
    if (this.#taken > 0) this.#table.fill(0);
    this.#taken = 0;
  }

  /** Note a schedule for `cpus` CPUs; false if it was noted before. */
  take(schedule: Int32Array, cpus: number): boolean {
    return this.#take(hashOf(schedule, cpus, schedule[S_NEVENTS]));
  }

  /** Note a schedule with its last event at every position from `from` to `to`. */
  takeAll(schedule: Int32Array, cpus: number, from: number, to: number): void {
    const last = schedule[S_NEVENTS] - 1;
    const hash = hashOf(schedule, cpus, last);
    const action = schedule[eventAt(last) + E_ACTION];
    for (let at = from; at <= to; at++) this.#take(mix(mix(hash, at), action));
  }

  #take(hash: number): boolean {
    const value = hash === 0 ? 1 : hash; // 0 is a free place
    let place = value & (PLACES - 1);
    while (this.#table[place] !== 0) {
      if (this.#table[place] === value) return false;
      place = (place + 1) & (PLACES - 1);
    }
    if (2 * this.#taken >= PLACES) return true;
    this.#table[place] = value;
    this.#taken++;
    return true;
  }
}
