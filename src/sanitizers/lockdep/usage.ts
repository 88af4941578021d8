/**
 * How a lock class was used, as bits: in which interrupts, and with which interrupts on.
 *
 * @module
 */

/** Added to the number of a usage bit: the lock was taken by a reader. */
export const BY_READER = 1;
/** Added to the number of a usage bit: taken or held with such interrupts on, not used in one. */
export const ENABLED = 2;
/** The first bits of the two kinds of interrupts. */
export const HARDIRQ_STATE = 0;
export const SOFTIRQ_STATE = 4;
/** Used outside of NMIs; plus BY_READER. */
export const USED = 8;
/** Waited for in an NMI; plus BY_READER. */
export const USED_IN_NMI = 10;

/** Masks of usage bits. */
export const USED_IN_IRQ_ALL = 0x33;
const ENABLED_IRQ_ALL = 0xcc;
const READERS = 0xaa;
const WRITERS = 0x55;

/** The name of a kind of interrupts in titles. */
export function stateName(bit: number): string {
  return bit >= SOFTIRQ_STATE ? "SOFTIRQ" : "HARDIRQ";
}

/** A usage as text. */
export function usageName(bit: number): string {
  const reader = (bit & BY_READER) !== 0 ? " by a reader" : "";
  if (bit >= USED_IN_NMI) return `used in NMI${reader}`;
  if (bit >= USED) return `used${reader}`;
  const state = stateName(bit);
  return (bit & ENABLED) !== 0
    ? `taken or held${reader} with ${state}s on`
    : `used in ${state}${reader}`;
}

/** The bit of the conflicting usage, by writers: used in an interrupt, or held with it on. */
export function opposite(bit: number): number {
  return (bit & ~(BY_READER | ENABLED)) | ((bit & ENABLED) ^ ENABLED);
}

/** All usages that conflict with one of `mask`, if a dependency connects the two classes. */
export function exclusiveMask(mask: number): number {
  const inverted = ((mask & ENABLED_IRQ_ALL) >> ENABLED) | ((mask & USED_IN_IRQ_ALL) << ENABLED);
  return inverted | ((inverted & READERS) >> 1) | ((inverted & WRITERS) << 1);
}

/** All usages that could conflict with one of `mask`, of the same class or of another one. */
export function conflictsOf(mask: number): number {
  return exclusiveMask(mask) | ((mask >> 2) & (3 << USED)) | ((mask << 2) & (3 << USED_IN_NMI));
}

/** The usages of `mask` with interrupts on. */
export function enabledOf(mask: number): number {
  return mask & ENABLED_IRQ_ALL;
}

/** The first usage in `safe` that conflicts with one in `unsafe`; both, as `[safe, unsafe]`. */
export function conflict(safe: number, unsafe: number): readonly [number, number] {
  for (let bit = 0; bit < USED; bit++) {
    if (((safe >> bit) & 1) === 0 || (bit & ENABLED) !== 0) continue;
    const o = opposite(bit);
    if (((unsafe >> o) & 1) !== 0) return [bit, o];
    if (((unsafe >> (o | BY_READER)) & 1) !== 0) return [bit, o | BY_READER];
  }
  return [0, ENABLED];
}
