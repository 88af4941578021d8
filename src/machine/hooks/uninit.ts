/**
 * Uses of values that were never written.
 *
 * Whoever uses a value asks here; a sanitizer judges. What such values are and where they come from
 * is in memory/uninit.ts.
 *
 * @module
 */

/** A value that was never written: NaN, because arithmetic carries it along by itself. */
export const UNINIT: number = NaN;

/** What is told of a use of a value that was never written: how, and in which function; 0: here. */
export type UninitUse = (how: string, fn: number) => void;

let handler: UninitUse | null = null;

/** The sanitizer that judges uses of values that were never written. */
export function onUninitUse(f: UninitUse | null): void {
  handler = f;
}

/** A value that was never written is used; without a sanitizer it passes as garbage. */
export function uninitUse(how: string, fn = 0): void {
  if (handler !== null) handler(how, fn);
}

/** A function returned a value that was never written. */
export function uninitReturn(fn: number): void {
  uninitUse("The return value was never written on this path.", fn);
}
