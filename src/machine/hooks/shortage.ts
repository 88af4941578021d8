/**
 * The target's look for an object with fewer references than holders.
 *
 * Only a target knows who holds what, because names of programs hold objects too. Who judges is a
 * sanitizer.
 *
 * @module
 */

/** An object with fewer references than holders. */
export interface Shortage {
  /** Its address. */
  readonly a: number;
  readonly references: number;
  /** What each holder is called. */
  readonly holders: readonly string[];
}

/** Returns the first such object, or null. */
type Look = () => Shortage | null;

let look: Look = () => null;

/** Set the target's function; on every CPU. */
export function setShortage(f: Look): void {
  look = f;
}

/** The first object with fewer references than holders, or null. Slow. */
export function shortage(): Shortage | null {
  return look();
}
