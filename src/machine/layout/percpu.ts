/**
 * Words that each CPU keeps about itself: a block of them per CPU in the region `pcpu`.
 *
 * As with control words, each owner has a part of the block and numbers its words in a file of its
 * own. Indices are relative to the block of the CPU. Where nothing else is said, only the CPU itself
 * changes and reads them.
 *
 * @module
 */
import { type Numbering, numbering } from "./numbering.ts";

/** Words of each owner's part, in order. */
const PARTS = {
  contexts: 13,
  readers: 6,
  operations: 28,
  held: 34,
} as const;

/** Who owns words of each CPU. */
export type PercpuOwner = keyof typeof PARTS;

/** All owners. */
export const PERCPU_OWNERS: readonly string[] = Object.keys(PARTS);

/** Words of state per CPU. */
export const PCPU_WORDS: number = Object.values(PARTS).reduce((sum, n) => sum + n, 0);

const given = new Set<PercpuOwner>();

/** The words of an owner, to be numbered by the one file that owns them. */
export function percpuWords(owner: PercpuOwner): Numbering {
  if (given.has(owner)) throw new Error(`Cannot number the words of "${owner}" twice`);
  given.add(owner);
  let at = 0;
  for (const [name, words] of Object.entries(PARTS)) {
    if (name === owner) break;
    at += words;
  }
  return numbering(owner, at, PARTS[owner]);
}
