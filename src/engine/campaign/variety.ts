/**
 * Which executions of one program had been before: the ones in which the same actors ran when they did.
 *
 * @module
 */
import { hashOfTurns, type Turns } from "../strategies/turns.ts";

export class Variety {
  /** Number of executions in a row that had been before. */
  stale = 0;
  readonly #seen: Int32Array;
  #count = 0;

  /** @param max how many executions are told apart; those that come later count as new. */
  constructor(max: number) {
    this.#seen = new Int32Array(max);
  }

  /** Another program comes. */
  clear(): void {
    this.stale = 0;
    this.#count = 0;
  }

  /** Note an execution. */
  note(turns: Turns): void {
    const hash = hashOfTurns(turns);
    for (let i = 0; i < this.#count; i++) {
      if (this.#seen[i] !== hash) continue;
      this.stale++;
      return;
    }
    if (this.#count < this.#seen.length) this.#seen[this.#count++] = hash;
    this.stale = 0;
  }
}
