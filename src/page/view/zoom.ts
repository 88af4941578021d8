/**
 * The part of an execution that the timeline shows.
 *
 * @module
 */

/** Points from the first one to before the second one. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Points that one sees at least. */
const LEAST = 12;

/** The window, moved so that it has the point. */
export function windowAround({ from, to }: Window, step: number): Window {
  const width = to - from;
  if (step >= from && step < to) return { from, to };
  const start = step < from ? step - (width >> 2) : step - width + 1 + (width >> 2);
  return { from: Math.max(0, start), to: Math.max(0, start) + width };
}

/** The window, wider or narrower, with the point where it was. */
export function zoomed({ from, to }: Window, step: number, factor: number, all: number): Window {
  const width = Math.min(all, Math.max(Math.min(LEAST, all), Math.round((to - from) * factor)));
  const share = Math.min(1, Math.max(0, (step - from) / Math.max(1, to - from)));
  const start = Math.min(Math.max(0, Math.round(step - share * width)), all - width);
  return { from: start, to: start + width };
}
