/**
 * Ghost words: shared memory that the kernel cannot reach, for names, targets and sanitizers.
 *
 * A module asks for its words under a name when it is loaded, and keeps their index in a constant of
 * its own. The list of what was handed out lies in shared memory too, so every CPU gets the same
 * words for a name, whatever the order in which it loads its modules.
 *
 * *Kept* words belong to the state of an execution: they are zero when it begins, and are put back
 * with the rest of the state when a program runs again without its boot operations. *Scratch* words
 * are left alone.
 *
 * @module
 */
import { FNV_OFFSET, FNV_PRIME } from "../layout/hash.ts";
import { GHOST_WORDS } from "../layout/sizes.ts";
import { views } from "./arena.ts";
import { machineLock, machineUnlock } from "./machine_lock.ts";

const { ghost } = views();

/** Kept words lie below this index, scratch words above it. */
const KEPT_MAX = 1024;
/** Entries of the list, and their words: hash of the name, index, number of words. */
const ENTRIES_MAX = 84;
const E_HASH = 0;
const E_AT = 1;
const E_WORDS = 2;
const ENTRY = 3;
/** Words at the head of the list. */
const HEADER = 3;
/** The list lies at the end: how many entries, kept words and scratch words there are; entries. */
const LIST = GHOST_WORDS - HEADER - ENTRIES_MAX * ENTRY;
const ENTRIES = LIST;
const KEPT = LIST + 1;
const SCRATCH = LIST + 2;
const FIRST = LIST + HEADER;

/** Names that this CPU has asked for, by hash. */
const asked = new Map<number, string>();

function hashOf(name: string): number {
  let h = FNV_OFFSET;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), FNV_PRIME);
  return h | 0;
}

/** The words of the name with hash `h`, if some CPU has asked for them; else -1. */
function find(h: number, n: number, name: string): number {
  for (let i = 0; i < ghost[ENTRIES]; i++) {
    const e = FIRST + i * ENTRY;
    if (ghost[e + E_HASH] !== h) continue;
    if (ghost[e + E_WORDS] === n) return ghost[e + E_AT];
    throw new Error(
      `Cannot hand out ${n} ghost words of "${name}": it has ${ghost[e + E_WORDS]} already`,
    );
  }
  return -1;
}

function add(h: number, n: number, name: string, used: number, from: number, to: number): number {
  const at = from + ghost[used];
  if (at + n > to) {
    const left = `${to - at} of ${to - from} are left`;
    throw new Error(`Cannot hand out ${n} ghost words of "${name}": ${left}`);
  }
  if (ghost[ENTRIES] === ENTRIES_MAX) {
    throw new Error(`Cannot hand out ghost words of "${name}": ${ENTRIES_MAX} names have some`);
  }
  const e = FIRST + ghost[ENTRIES]++ * ENTRY;
  ghost[e + E_HASH] = h;
  ghost[e + E_AT] = at;
  ghost[e + E_WORDS] = n;
  ghost[used] += n;
  return at;
}

function handOut(name: string, n: number, used: number, from: number, to: number): number {
  const h = hashOf(name);
  if (asked.has(h)) {
    throw new Error(`Cannot hand out ghost words of "${name}": "${asked.get(h)}" has them`);
  }
  asked.set(h, name);
  machineLock();
  try {
    const at = find(h, n, name);
    return at >= 0 ? at : add(h, n, name, used, from, to);
  } finally {
    machineUnlock();
  }
}

/** Hand out `n` words that belong to the state of an execution; returns the index of the first. */
export function keptWords(name: string, n: number): number {
  return handOut(name, n, KEPT, 0, KEPT_MAX);
}

/** Kept words that are the lengths of journals in scratch words. */
const lengths: number[] = [];

/**
 * Hand out one kept word, for the length of a journal in scratch words. When a part of an execution
 * is repeated, it stays as it is: what the journal knows is not added again.
 */
export function journalLength(name: string): number {
  const at = keptWords(name, 1);
  lengths.push(at);
  return at;
}

/** The number of kept words. */
export function keptCount(): number {
  return ghost[KEPT];
}

/** What journals know stays while the kept words, a copy of which begins at `at`, are put back. */
export function keepLengths(copy: Int32Array, at: number): void {
  for (let i = 0; i < lengths.length; i++) copy[at + lengths[i]] = ghost[lengths[i]];
}

/** Hand out `n` words that nobody resets; returns the index of the first. */
export function scratchWords(name: string, n: number): number {
  return handOut(name, n, SCRATCH, KEPT_MAX, LIST);
}

/** What was handed out on any CPU, in the order of the first requests. */
export function handedOut(): { at: number; words: number }[] {
  return Array.from({ length: ghost[ENTRIES] }, (_, i) => ({
    at: ghost[FIRST + i * ENTRY + E_AT],
    words: ghost[FIRST + i * ENTRY + E_WORDS],
  }));
}

let prepared = new Int32Array(0);

/** Begin an execution: all kept words are zero. */
export function clearKept(): void {
  ghost.fill(0, 0, ghost[KEPT]);
}

/** Remember the kept words for more executions of the same program. */
export function takeKept(): void {
  if (prepared.length !== ghost[KEPT]) prepared = new Int32Array(ghost[KEPT]);
  prepared.set(ghost.subarray(0, prepared.length));
}

/** Put the kept words back as they were at {@linkcode takeKept}. */
export function restoreKept(): void {
  ghost.set(prepared);
}
