/**
 * The states of memory that walks of one program came to, and how to come to each again.
 *
 * A bounded cache: a state has a place in one set of a few. A new state takes a free place of its set, or
 * that of the state that was come to most often.
 *
 * @module
 */
import type { Visits } from "../../machine/executor.ts";
import { copySchedule } from "./kept_execution.ts";
import type { Rng } from "../programs/rng.ts";
import { E_GAP, eventAt, S_NEVENTS, S_WALK, S_WALK_STATE } from "../../prog/layout.ts";

/** Maximum of states, and places of a set; powers of two. With 1024 states, SafeStack takes 1.5 times the executions. */
const STATES_MAX = 4096;
const SET = 4;
/** Maximum of events before a state; one that takes more is not kept. */
const EVENTS_MAX = 256;
/**
 * Number of states that are drawn; the one that was come to least is taken. With 8 or 24, SafeStack takes 1.3 and
 * 2.4 times the executions.
 */
const DRAWS = 2;
/** To have been gone on from counts as to have been come to so many times. */
const CHOSEN_COUNTS = 8;

/** Number of events of a schedule that lie before a position. */
function eventsBefore(position: number, schedule: Int32Array): number {
  let n = 0;
  let at = 0;
  for (; n < schedule[S_NEVENTS]; n++) {
    at += schedule[eventAt(n) + E_GAP];
    if (at >= position) break;
  }
  return n;
}

export class VisitedStates {
  /** Number of states. */
  count = 0;
  /** Of each place: the state, and whether there is one. */
  readonly #state = new Int32Array(STATES_MAX);
  readonly #isTaken = new Uint8Array(STATES_MAX);
  /** How often it was come to, and gone on from. */
  readonly #seen = new Uint32Array(STATES_MAX);
  readonly #chosen = new Uint32Array(STATES_MAX);
  /** The schedule that leads there, made when the place is first taken. */
  readonly #schedules = new Array<Int32Array>(STATES_MAX);
  /** The position at which memory is in the state then; 0: not known yet. */
  readonly #position = new Int32Array(STATES_MAX);
  /** The places that are taken. */
  readonly #places = new Int32Array(STATES_MAX);

  /** Another program comes. */
  clear(): void {
    if (this.count > 0) this.#isTaken.fill(0);
    this.count = 0;
  }

  /** Note the states that an execution under this schedule came to. */
  note(visits: Visits, schedule: Int32Array): void {
    for (let v = 0; v < visits.count; v++) {
      const position = visits.position(v);
      const events = eventsBefore(position, schedule);
      if (events > EVENTS_MAX) return;
      const place = this.#placeOf(visits.state(v));
      this.#seen[place]++;
      // The fewer points lead to a state, the more can come behind it.
      const known = this.#position[place];
      if (known !== 0 && known <= position) continue;
      const kept = this.#schedules[place];
      for (let i = 0; i < eventAt(events); i++) kept[i] = schedule[i];
      kept[S_NEVENTS] = events;
      this.#position[place] = position;
    }
  }

  /** The place of a state; it gets one if it has none. */
  #placeOf(state: number): number {
    const set = Math.imul(state, SET) & (STATES_MAX - 1);
    let place = -1;
    for (let p = set; p < set + SET; p++) {
      if (this.#isTaken[p] === 0) {
        this.#places[this.count++] = p;
        place = p;
        break;
      }
      if (this.#state[p] === state) return p;
      if (place < 0 || this.#seen[p] > this.#seen[place]) place = p;
    }
    this.#isTaken[place] = 1;
    this.#state[place] = state;
    this.#seen[place] = 0;
    this.#chosen[place] = 0;
    this.#schedules[place] ??= new Int32Array(eventAt(EVENTS_MAX));
    this.#position[place] = 0;
    return place;
  }

  /** Write the schedule that leads to a state which was seldom come to; there must be states. */
  goOn(out: Int32Array, rng: Rng): void {
    let place = -1;
    let least = Infinity;
    for (let d = 0; d < DRAWS; d++) {
      const p = this.#places[rng.below(this.count)];
      const times = this.#seen[p] + CHOSEN_COUNTS * this.#chosen[p];
      if (times >= least) continue;
      least = times;
      place = p;
    }
    this.#chosen[place]++;
    copySchedule(this.#schedules[place], out);
    out[S_WALK] = this.#position[place];
    out[S_WALK_STATE] = this.#state[place];
  }
}
