/**
 * How a lock class was used, as bits: what interrupts it must be safe against, and is not.
 *
 * @module
 */

/** In a usage bit's number: by a reader. */
export const BY_READER = 1;
/** In a usage bit's number: taken or held with such interrupts on, rather than used in one. */
export const ENABLED = 2;
/** First bits of the two states. */
export const HARDIRQ_STATE = 0;
export const SOFTIRQ_STATE = 4;
/** Used at all outside of NMIs; plus BY_READER. */
export const USED = 8;
/** Waited for in an NMI; plus BY_READER. */
export const USED_IN_NMI = 10;

/** Sets of bits. */
export const USED_IN_IRQ_ALL = 0x33;
const ENABLED_IRQ_ALL = 0xcc;
const READERS = 0xaa;
const WRITERS = 0x55;

/** What an interrupt state is called in titles. */
export function stateName(bit: number): string {
  return bit >= SOFTIRQ_STATE ? "SOFTIRQ" : "HARDIRQ";
}

/** A usage, in words. */
export function usageName(bit: number): string {
  const reader = (bit & BY_READER) !== 0 ? " by a reader" : "";
  if (bit >= USED_IN_NMI) return `used in NMI${reader}`;
  if (bit >= USED) return `used${reader}`;
  const state = stateName(bit);
  return (bit & ENABLED) !== 0
    ? `taken or held${reader} with ${state}s on`
    : `used in ${state}${reader}`;
}

/** The writers' bit of the opposite direction. */
export function opposite(bit: number): number {
  return (bit & ~(BY_READER | ENABLED)) | ((bit & ENABLED) ^ ENABLED);
}

/** All usages that conflict with one of `mask`, on different locks of a dependency. */
export function exclusiveMask(mask: number): number {
  const inverted = ((mask & ENABLED_IRQ_ALL) >> ENABLED) | ((mask & USED_IN_IRQ_ALL) << ENABLED);
  return inverted | ((inverted & READERS) >> 1) | ((inverted & WRITERS) << 1);
}

/** All usages, of whatever lock, that could conflict with one of `mask`. */
export function conflictsOf(mask: number): number {
  return exclusiveMask(mask) | ((mask >> 2) & (3 << USED)) | ((mask << 2) & (3 << USED_IN_NMI));
}

/** Those of them with interrupts on. */
export function enabledOf(mask: number): number {
  return mask & ENABLED_IRQ_ALL;
}

/** The first usage in `safe` for which `unsafe` has the opposite one; as `[safe, unsafe]`. */
export function conflict(safe: number, unsafe: number): readonly [number, number] {
  for (let bit = 0; bit < USED; bit++) {
    if (((safe >> bit) & 1) === 0 || (bit & ENABLED) !== 0) continue;
    const o = opposite(bit);
    if (((unsafe >> o) & 1) !== 0) return [bit, o];
    if (((unsafe >> (o | BY_READER)) & 1) !== 0) return [bit, o | BY_READER];
  }
  return [0, ENABLED];
}
