/**
 * The random number generator: xoshiro128** (Blackman and Vigna 2018), seeded by SplitMix32.
 *
 * All random decisions of a campaign use it, and nothing else does. Each shard has a generator of
 * its own, whose seed is derived from the seed and the number of the shard.
 *
 * @module
 */

export class Rng {
  readonly #s = new Uint32Array(4);

  /** @param seed up to 64 bits. @param stream the number of the shard. */
  constructor(seed: number | bigint, stream = 0) {
    const wide = BigInt.asUintN(64, BigInt(seed));
    let x = Number(wide & 0xffffffffn) ^ Math.imul(Number(wide >> 32n) | 0, 0x9e3779b1);
    x = (x + Math.imul(stream, 0x632be5ab)) >>> 0;
    for (let i = 0; i < 4; i++) {
      x = (x + 0x9e3779b9) >>> 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      this.#s[i] = z ^ (z >>> 16);
    }
    this.#s[0] |= 1; // the state must not be all zero
  }

  /** 32 random bits. */
  next(): number {
    const s = this.#s;
    const r = Math.imul(s[1], 5);
    const result = Math.imul((r << 7) | (r >>> 25), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** A number from 0 to n-1. The bias of the multiplication is below 2^-16 for n below 65536. */
  below(n: number): number {
    return Math.floor((this.next() / 0x100000000) * n);
  }

  /** True once in n times. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }
}
