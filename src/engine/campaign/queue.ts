/**
 * The queue: inputs that showed something new, and which of them to build on next.
 *
 * @module
 */
import type { Rng } from "../programs/rng.ts";
import * as layout from "../../prog/layout.ts";

const { PROGRAM_WORDS, SCHEDULE_WORDS } = layout;

/** An input that was kept. */
export interface Entry {
  readonly program: Int32Array;
  readonly schedule: Int32Array;
  /** Points its execution took. */
  points: number;
  /** Features it was the first to show. */
  readonly novel: number;
  /** Times it was built on. */
  chosen: number;
  /** The rarest abstract state that it came to; 0 if the target knows of none. */
  readonly state: number;
  /** The CPU that came to it. */
  readonly cpu: number;
}

/** Entries drawn to choose the best of. */
const DRAWS = 6;
/** One draw in so many is among the newest entries instead of all. */
const DRAW_NEW = 2;
/** How many entries count as the newest. */
const NEWEST = 24;
/** One choice in so many goes by the states of entries instead of what they were the first to show. */
const BY_STATE = 3;
/** Entries drawn to choose the one whose state was built on least. */
const STATE_DRAWS = 16;
/** Entries kept at most; the least fruitful ones go. */
const ENTRIES_MAX = 2048;

export class Queue {
  readonly entries: Entry[] = [];
  /** Times each state was gone on from. */
  readonly #built: Uint32Array;
  /** Some entry came to a state: there are targets that know of none. */
  #knowsStates = false;

  /** @param states how often each abstract state was come to, in all executions. */
  constructor(readonly states: Uint32Array = new Uint32Array(1)) {
    this.#built = new Uint32Array(states.length);
  }

  /** Keep copies of a program and a schedule. */
  add(
    program: Int32Array,
    schedule: Int32Array,
    points: number,
    novel: number,
    state = 0,
    cpu = -1,
  ): Entry {
    const e: Entry = {
      program: program.slice(0, PROGRAM_WORDS),
      schedule: schedule.slice(0, SCHEDULE_WORDS),
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

  /** Drop the entry that showed least per time it was chosen. */
  #evict(): void {
    let worst = 0;
    for (let i = 1; i < this.entries.length; i++) {
      if (this.#energy(this.entries[i]) < this.#energy(this.entries[worst])) worst = i;
    }
    this.entries.splice(worst, 1);
  }

  /**
   * An entry to build on: the better of a few drawn at random, often among the newest; or one time in
   * three, one whose state was seldom gone on from.
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
   * States are what is gone on from, not inputs: many inputs lead to the common ones, and what an input
   * was the first to show says little about what comes after it.
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

  /** How much was made of a state; rare ones are worth more. */
  #used(state: number): number {
    return state === 0 ? Infinity : this.#built[state] * Math.sqrt(1 + this.states[state]);
  }

  /**
   * What an entry promises: what it was the first to show, for what it costs and has been used; and
   * more if it leads to a state that executions seldom come to, as AFLFast does for paths (Böhme,
   * Pham, Roychoudhury, CCS 2016).
   */
  #energy(e: Entry): number {
    const rarity = 1 / Math.sqrt(1 + this.states[e.state]);
    return rarity * (e.novel + 1) / ((1 + e.chosen) * e.points);
  }
}
