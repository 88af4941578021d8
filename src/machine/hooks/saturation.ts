/**
 * Saturation of reference counts: what refcount_t warns of.
 *
 * The kernel saturates the count by itself, whether anybody listens or not; a sanitizer turns the
 * warning into a finding.
 *
 * @module
 */

/** Told of the cell and of the kernel's words for what happened. */
export type SaturationObserver = (a: number, what: string) => void;

let observer: SaturationObserver | null = null;

/** Set or remove the observer. */
export function onSaturation(f: SaturationObserver | null): void {
  observer = f;
}

/** REFCOUNT_WARN() */
export function saturationWarning(a: number, what: string): void {
  if (observer !== null) observer(a, what);
}
