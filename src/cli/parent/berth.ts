/**
 * The core of a shard. Two campaigns that start at the same time may choose the same core while
 * another core is idle. A shard that gets too little of its core moves to another one.
 *
 * @module
 */

/** A shard that gets less of its core than this shares it with another process. */
const CROWDED = 0.75;
/** Number of seconds in a row after which a shard moves. */
const PATIENCE = 2;
/** Maximum of moves: if all cores are busy, no move helps. */
const MOVES_MAX = 8;

export class Berth {
  #at: number;
  #crowded = 0;
  #moves = 0;

  /**
   * @param cores the cores that the campaign may use
   * @param lane the number of the shard among those that run at once
   * @param salt a number that differs between campaigns, such as the process id. Its bits decide whether a move
   * comes a second later, so that two shards do not always move together
   */
  constructor(readonly cores: readonly number[], lane: number, readonly salt: number) {
    this.#at = (lane + salt) % cores.length;
  }

  /** The core that the shard is on. */
  get core(): number {
    return this.cores[this.#at];
  }

  /**
   * Take the share of a core that the shard got in the last second. Returns the core to move to, or
   * null.
   */
  hear(share: number): number | null {
    this.#crowded = share < CROWDED ? this.#crowded + 1 : 0;
    const patience = PATIENCE + ((this.salt >>> this.#moves) & 1);
    if (this.cores.length < 2 || this.#moves >= MOVES_MAX || this.#crowded < patience) return null;
    this.#crowded = 0;
    this.#moves++;
    this.#at = (this.#at + 1) % this.cores.length;
    return this.core;
  }
}
