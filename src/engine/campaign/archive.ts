/**
 * The archive: abstract states, and for each a short program that comes to it without a race.
 *
 * A bug may lie some operations behind a state that is seldom come to. A random program that gets
 * there seldom goes on in the right way, and one that is mutated seldom gets there again: under another
 * schedule, or with one operation more, one in ten does. So for each new state the campaign looks for
 * boot operations that come to it ({@linkcode Settler}), and starts from there as often as it likes.
 * (Ecoffet, Huizinga, Lehman, Stanley, Clune, "First return, then explore", Nature 590, 2021: an
 * archive of cells, each with a trajectory to it.)
 *
 * @module
 */
import type { Rng } from "../programs/rng.ts";
import { programEnd } from "../../prog/layout.ts";

/** Number of random states of which the rarest one is chosen. */
const DRAWS = 4;

/** A state and the program that comes to it. */
interface Place {
  readonly program: Int32Array;
  readonly state: number;
}

export class Archive {
  readonly #places: Place[] = [];

  /** @param counts how often executions came to each state. */
  constructor(readonly counts: { readonly [state: number]: number }) {}

  /** Number of states. */
  get size(): number {
    return this.#places.length;
  }

  /** Add a copy of a program that comes to a state that is not in the archive. */
  add(program: Int32Array, state: number): void {
    this.#places.push({ program: program.slice(0, programEnd(program)), state });
  }

  /**
   * A program whose state is rare, or null if there is none. Whoever starts from a state comes to it once
   * more, so one is not chosen for ever.
   */
  choose(rng: Rng): Int32Array | null {
    const n = this.#places.length;
    if (n === 0) return null;
    let best = this.#places[rng.below(n)];
    for (let i = 1; i < DRAWS; i++) {
      const other = this.#places[rng.below(n)];
      if (this.counts[other.state] < this.counts[best.state]) best = other;
    }
    return best.program;
  }
}
