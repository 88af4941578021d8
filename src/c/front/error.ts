/**
 * What is said of C that cannot be read or translated.
 *
 * @module
 */

/** A place in a file of the tree. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** C that is not understood: `file:line:column: what, and what would be right`. */
export class CError extends Error {
  override name = "CError";
  readonly place: Place;
  /** The message without the place. */
  readonly what: string;

  constructor(place: Place, what: string) {
    super(`${place.file}:${place.line}:${place.column}: ${what}`);
    this.place = place;
    this.what = what;
  }
}
