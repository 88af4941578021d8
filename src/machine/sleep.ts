/**
 * Places where the kernel may schedule away.
 *
 * @module
 */

let checker: (() => void) | null = null;

/** The oracle that is asked whether sleeping is allowed here. */
export function onSleep(f: (() => void) | null): void {
  checker = f;
}

/** The kernel may sleep here. */
export function maySleep(): void {
  if (checker !== null) checker();
}
