/**
 * The schedules of one program that were tried, and those that are known to lead to the same.
 *
 * @module
 */
import { HashSet } from "./hash_set.ts";
import { mix } from "./turns.ts";
import { E_ACTION, E_GAP, eventAt, S_NEVENTS, S_ORDER } from "../../prog/layout.ts";

/** Size of the table. When it is full, nothing more is noted. */
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
  readonly #hashes = new HashSet(PLACES);

  /** Another program comes. */
  clear(): void {
    this.#hashes.clear();
  }

  /** Note a schedule for `cpus` CPUs; false if it was noted before. */
  take(schedule: Int32Array, cpus: number): boolean {
    return this.#hashes.add(hashOf(schedule, cpus, schedule[S_NEVENTS]));
  }

  /** Note a schedule with its last event at every position from `from` to `to`. */
  takeAll(schedule: Int32Array, cpus: number, from: number, to: number): void {
    const last = schedule[S_NEVENTS] - 1;
    const hash = hashOf(schedule, cpus, last);
    const action = schedule[eventAt(last) + E_ACTION];
    for (let at = from; at <= to; at++) this.#hashes.add(mix(mix(hash, at), action));
  }
}
