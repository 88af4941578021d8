/**
 * Which executions of one program had been before: the ones in which the same actors ran when they did.
 *
 * @module
 */
import { HashSet } from "../strategies/hash_set.ts";
import { hashOfTurns, type Turns } from "../strategies/turns.ts";

export class Variety {
  /** Number of executions in a row that had been before. */
  stale = 0;
  readonly #seen: HashSet;

  /** @param max how many executions are told apart, a power of two; those that come later count as new. */
  constructor(max: number) {
    this.#seen = new HashSet(2 * max);
  }

  /** Another program comes. */
  clear(): void {
    this.stale = 0;
    this.#seen.clear();
  }

  /** Note an execution. */
  note(turns: Turns): void {
    if (this.#seen.add(hashOfTurns(turns))) this.stale = 0;
    else this.stale++;
  }
}
