/**
 * The queue: inputs with new features, and the choice of the next one to mutate.
 *
 * Comments of constants tell what other values are worth: executions until a bug is found, relative to
 * the present value (`deno task tune`, November 2026; the table is in test/bench/README.md).
 *
 * @module
 */
import type { Rng } from "../programs/rng.ts";
import { programEnd, scheduleEnd } from "../../prog/layout.ts";

/** An input in the queue. */
export interface Entry {
  readonly program: Int32Array;
  readonly schedule: Int32Array;
  /** Number of points of its execution. */
  points: number;
  /** Number of features that it was the first to show. */
  readonly novel: number;
  /** How often it was chosen. */
  chosen: number;
  /** The rarest abstract state of its execution; 0 if the target computes none. */
  readonly state: number;
  /** The CPU that reached this state. */
  readonly cpu: number;
}

/** Number of random entries of which the best is chosen. */
const DRAWS = 6;
/** One in this many draws is among the newest entries; the others are among all. */
const DRAW_NEW = 2;
/** Number of entries that count as the newest. */
const NEWEST = 24;
/**
 * One in this many choices is by abstract state; the others are by energy. With 6: no difference.
 */
const BY_STATE = 3;
/** Number of random entries of which the one with the least used state is chosen. */
const STATE_DRAWS = 16;
/** Maximum of entries; the entry with the least energy is dropped. */
const ENTRIES_MAX = 2048;

export class Queue {
  readonly entries: Entry[] = [];
  /** How often an entry was chosen for each state. */
  readonly #built: Uint32Array;
  /** Whether some entry has a state: not every target computes states. */
  #knowsStates = false;

  /** @param states how often all executions together reached each abstract state. */
  constructor(readonly states: Uint32Array = new Uint32Array(1)) {
    this.#built = new Uint32Array(states.length);
  }

  /** Add copies of a program and a schedule. */
  add(
    program: Int32Array,
    schedule: Int32Array,
    points: number,
    novel: number,
    state = 0,
    cpu = -1,
  ): Entry {
    const e: Entry = {
      program: program.slice(0, programEnd(program)),
      schedule: schedule.slice(0, scheduleEnd(schedule)),
      points,
      novel,
      chosen: 0,
      state,
      cpu,
    };
    if (this.entries.length >= ENTRIES_MAX) this.#evict();
    this.#knowsStates ||= state !== 0;
    this.entries.push(e);
    return e;
  }

  /** Drop the entry with the least energy. */
  #evict(): void {
    let worst = 0;
    for (let i = 1; i < this.entries.length; i++) {
      if (this.#energy(this.entries[i]) < this.#energy(this.entries[worst])) worst = i;
    }
    this.entries.splice(worst, 1);
  }

  /**
   * Choose an entry: the one with the most energy among a few random ones, often from the newest;
   * or, one time in {@linkcode BY_STATE}, one whose state was seldom chosen.
   */
  choose(rng: Rng): Entry | null {
    const n = this.entries.length;
    if (n === 0) return null;
    if (rng.oneIn(BY_STATE) && this.#knowsStates) return this.#byState(rng);
    const newest = Math.min(n, NEWEST);
    let best: Entry | null = null;
    for (let draw = 0; draw < DRAWS; draw++) {
      const i = rng.oneIn(DRAW_NEW) ? n - 1 - rng.below(newest) : rng.below(n);
      const e = this.entries[i];
      if (best === null || this.#energy(e) > this.#energy(best)) best = e;
    }
    best!.chosen++;
    return best;
  }

  /**
   * Choose by state: many inputs lead to the common states, and the features that an input was the
   * first to show say little about what can follow it.
   */
  #byState(rng: Rng): Entry {
    let best = this.entries[rng.below(this.entries.length)];
    for (let i = 1; i < STATE_DRAWS; i++) {
      const e = this.entries[rng.below(this.entries.length)];
      if (this.#used(e.state) < this.#used(best.state)) best = e;
    }
    this.#built[best.state]++;
    best.chosen++;
    return best;
  }

  /** How much a state was used, weighted so that rare states count less. */
  #used(state: number): number {
    return state === 0 ? Infinity : this.#built[state] * Math.sqrt(1 + this.states[state]);
  }

  /**
   * The energy of an entry: its new features, divided by its cost and by how often it was chosen,
   * and more if executions seldom reach its state, as AFLFast does for paths (Böhme, Pham,
   * Roychoudhury, CCS 2016).
   */
  #energy(e: Entry): number {
    const rarity = 1 / Math.sqrt(1 + this.states[e.state]);
    return rarity * (e.novel + 1) / ((1 + e.chosen) * e.points);
  }
}
