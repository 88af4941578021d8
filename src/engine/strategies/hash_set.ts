/**
 * A bounded set of hashes: for what is noted for one program and forgotten with it.
 *
 * @module
 */

export class HashSet {
  readonly #table: Int32Array;
  #count = 0;

  /** @param places size of the table, a power of two. When half of it is taken, the set is full. */
  constructor(places: number) {
    this.#table = new Int32Array(places);
  }

  /** Whether nothing more can be added. */
  get isFull(): boolean {
    return 2 * this.#count >= this.#table.length;
  }

  clear(): void {
    if (this.#count > 0) this.#table.fill(0);
    this.#count = 0;
  }

  /** Add a hash; false if it was there. A set that is full stays as it is. */
  add(hash: number): boolean {
    const value = hash === 0 ? 1 : hash; // 0 is a free place
    const mask = this.#table.length - 1;
    let place = value & mask;
    while (this.#table[place] !== 0) {
      if (this.#table[place] === value) return false;
      place = (place + 1) & mask;
    }
    if (this.isFull) return true;
    this.#table[place] = value;
    this.#count++;
    return true;
  }
}
