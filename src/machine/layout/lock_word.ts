/**
 * The word of a lock: who has it.
 *
 * 0 is free. The low bits hold the number of the CPU that has it for itself, plus one; above them
 * are counted the writers that wait for readers to leave, and the readers inside.
 *
 * @module
 */
import * as waitWords from "./waits.ts";

const { WAIT_READ, WAIT_WRITE } = waitWords;

/** Who has it for itself: CPU number plus one. */
export const OWNER = 0x3f;
/** One writer more that waits. */
export const WAITER = 0x40;
/** All waiting writers. */
export const WAITERS = 0xfc0;
/** One reader more. */
export const READER = 0x1000;
/** All readers. */
export const READERS_IN = ~0xfff;

/** Whether who waits for a lock for readers and writers, in the way of `kind`, could have it. */
export function isFreeFor(kind: number, word: number): boolean {
  if (kind === WAIT_WRITE) return (word & ~WAITERS) === 0;
  return (word & (kind === WAIT_READ ? OWNER | WAITERS : OWNER)) === 0;
}

/** How a lock is taken, or was: bits of `how`. */
export const HOW_LOCK = 0;
/** By a trylock: it did not wait. */
export const HOW_TRY = 1;
/** Shared with other readers. */
export const HOW_READ = 2;
/** Shared, and granted though a writer waits: a reader inside a reader cannot deadlock. */
export const HOW_RECURSIVE = 4;
