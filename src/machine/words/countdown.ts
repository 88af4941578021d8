/**
 * The countdown to the next decision, and the points that it stands for.
 *
 * A point only counts down. How many points have passed is worked out from what the countdown was
 * loaded with.
 *
 * @module
 */
import * as arena from "./arena.ts";
import { config } from "./config.ts";
import * as C from "./control.ts";

const { ctl } = arena;
const { BASE, COUNTDOWN, LOADED, POINTS, SCHEDULE_START } = C;

/** Countdown that never ends by itself: the step limit ends it. */
export const FOREVER = 0x3fffffff;

function budget(): number {
  return Math.max(1, config.stepLimit - ctl[POINTS]);
}

/** Let `n` points pass, at most up to the step limit. */
export function reload(n: number): void {
  const m = Math.min(n, budget());
  ctl[COUNTDOWN] = m;
  ctl[LOADED] = m;
  ctl[BASE] = ctl[POINTS] + m - ctl[SCHEDULE_START];
}

/** Account for the points passed since the countdown was loaded. */
export function settle(): void {
  ctl[POINTS] += ctl[LOADED] - ctl[COUNTDOWN];
  ctl[LOADED] = ctl[COUNTDOWN];
}

/** Points of this execution so far. */
export function pointsSoFar(): number {
  return ctl[POINTS] + ctl[LOADED] - ctl[COUNTDOWN];
}
