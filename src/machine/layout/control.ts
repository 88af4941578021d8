/**
 * Control words: what all CPUs of a machine share besides model memory.
 *
 * Each owner has a block of them and numbers its words in a file of its own. The blocks have fixed
 * places, so a word has the same index in every thread, whatever modules the thread has loaded.
 *
 * In lockstep mode only the CPU that holds the baton touches control words; the hand-over through its
 * wait word orders the accesses, so they are plain. The exceptions are marked "atomic".
 *
 * @module
 */
import { type Numbering, numbering } from "./numbering.ts";

/** Words of each owner's block, in order. Blocks begin on a cache line: multiples of 16 words. */
const BLOCKS = {
  points: 16,
  turns: 16,
  schedule: 144,
  cpus: 144,
  waits: 512,
  callbacks: 16,
  meetings: 16,
  recording: 16,
  oops: 48,
  status: 16,
  free: 16,
  bare: 16,
  lock: 16,
  walk: 272, // the last: without a walk, a snapshot leaves it out
} as const;

/** Who owns control words. */
export type Owner = keyof typeof BLOCKS;

/** All owners. */
export const CONTROL_OWNERS: readonly string[] = Object.keys(BLOCKS);

/** Words of all blocks. */
export const CONTROL_WORDS: number = Object.values(BLOCKS).reduce((sum, n) => sum + n, 0);

/** Words of the last block, those of a walk. */
export const WALK_WORDS: number = BLOCKS.walk;

/** Words of the first block, those that every point touches: a CPU may have them to itself. */
export const HOT_WORDS: number = BLOCKS.points;

const given = new Set<Owner>();

/** The words of an owner, to be numbered by the one file that owns them. */
export function controlWords(owner: Owner): Numbering {
  if (given.has(owner)) throw new Error(`Cannot number the words of "${owner}" twice`);
  given.add(owner);
  let at = 0;
  for (const [name, words] of Object.entries(BLOCKS)) {
    if (name === owner) break;
    at += words;
  }
  return numbering(owner, at, BLOCKS[owner]);
}
