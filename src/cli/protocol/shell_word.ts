/**
 * Words of printed command lines.
 *
 * @module
 */

/** A word as a shell takes it literally. */
export function shellWord(s: string): string {
  return /^[\w/.:@%+=,-]+$/.test(s) ? s : `'${s.replaceAll("'", `'\\''`)}'`;
}
