/**
 * Numbering words: whoever owns words takes them from a row, so that nobody counts by hand.
 *
 * @module
 */

/** Takes the next `n` words of a row; returns the index of the first. */
export type Numbering = (n?: number) => number;

/** Words that were taken. */
export interface Taken {
  readonly row: string;
  readonly at: number;
  readonly words: number;
}

const all: Taken[] = [];

/** A row of `room` words, the first of them at `from`. */
export function numbering(row: string, from: number, room: number): Numbering {
  let next = from;
  return (n = 1) => {
    const at = next;
    next += n;
    if (next > from + room) {
      throw new RangeError(`Cannot take ${n} words of "${row}": it has ${room}, all in use`);
    }
    all.push({ row, at, words: n });
    return at;
  };
}

/** Everything that was taken in this thread. */
export function takenWords(): readonly Taken[] {
  return all;
}
