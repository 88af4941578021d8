/**
 * Names for files: a hash of the content, and a title as a file name.
 *
 * @module
 */

/** Seeds of the two lanes. The second is the seed of the examples of MurmurHash. */
const SEEDS = [0, 0x9747b28c] as const;
const SLUG_MAX = 60;

/**
 * 16 hexadecimal digits that name a text.
 *
 * These are two lanes of MurmurHash3 x86_32 (Austin Appleby, public domain) over the UTF-8 bytes,
 * with different seeds. The hash must avoid collisions by accident, not collisions on purpose: with
 * a million files, the probability of a collision is about 3 in 10^8.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(contentHash(""), "00000000ebb6c228");
 * ```
 */
export function contentHash(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return SEEDS.map((seed) => murmur3(bytes, seed).toString(16).padStart(8, "0")).join("");
}

/** MurmurHash3 x86_32; `Math.imul` keeps the arithmetic in 32 bits. */
export function murmur3(bytes: Uint8Array, seed: number): number {
  const blocksEnd = bytes.length & ~3;
  let hash = seed;
  for (let i = 0; i < blocksEnd; i += 4) {
    const block = bytes[i] | bytes[i + 1] << 8 | bytes[i + 2] << 16 | bytes[i + 3] << 24;
    hash ^= scramble(block);
    hash = Math.imul(rotateLeft(hash, 13), 5) + 0xe6546b64 | 0;
  }
  let tail = 0;
  for (let i = bytes.length - 1; i >= blocksEnd; i--) tail = tail << 8 | bytes[i];
  hash ^= scramble(tail) ^ bytes.length;
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return (hash ^ hash >>> 16) >>> 0;
}

/** One word that names a file, by its address. */
export function fileHash(url: string): number {
  return murmur3(new TextEncoder().encode(url), SEEDS[0]) | 0;
}

function scramble(block: number): number {
  return Math.imul(rotateLeft(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);
}

function rotateLeft(word: number, bits: number): number {
  return word << bits | word >>> 32 - bits;
}

/**
 * A title as a file name: lower-case words with `-` between them, cut at a word if it is long.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(slug("refcount: 0 -> 1 in obj_cgroup_charge"), "refcount-0-1-in-obj-cgroup-charge");
 * ```
 */
export function slug(title: string): string {
  // Accents that NFKD splits off and apostrophes are removed; other characters separate words.
  const letters = title.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f'’]/g, "");
  const words = letters.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  if (words === "") return "untitled";
  if (words.length <= SLUG_MAX) return words;
  const cut = words.slice(0, SLUG_MAX + 1).lastIndexOf("-");
  return words.slice(0, cut > 0 ? cut : SLUG_MAX);
}
