/**
 * The countdown to the next decision, and the points that it stands for.
 *
 * A point only counts down. How many points have passed is worked out from what the countdown was
 * loaded with.
 *
 * @module
 */
import * as cpuWords from "../layout/cpus.ts";
import * as pointWords from "../layout/points.ts";
import * as recordWords from "../layout/recording.ts";
import * as scheduleWords from "../layout/schedule.ts";
import { views } from "./arena.ts";
import { config } from "./config.ts";

const { ctl, hot } = views();
const { QUIET } = cpuWords;
const { BASE, COUNTDOWN, LOADED, NOVEL, POINTS, SCHEDULE_START } = pointWords;
const { TRACING } = recordWords;
const { EVERY_STEP } = scheduleWords;

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

/** An execution begins: no points have passed, and nothing new was seen. */
export function resetPoints(): void {
  ctl[COUNTDOWN] = 0;
  ctl[LOADED] = 0;
  ctl[POINTS] = 0;
  hot[NOVEL] = 0;
}

/** Features that no execution before this one had shown. */
export function novelty(): number {
  return hot[NOVEL];
}

/** From now on nothing is decided: boot and teardown run undisturbed, up to the step limit. */
export function beginQuiet(): void {
  ctl[QUIET] = 1;
  reload((ctl[TRACING] | ctl[EVERY_STEP]) === 0 ? FOREVER : 1);
  hot[COUNTDOWN] = ctl[COUNTDOWN];
}

/** The same without a limit, for booting the kernel. */
export function beginQuietForever(): void {
  beginQuiet();
  hot[COUNTDOWN] = FOREVER;
}

/** The schedule begins to decide; positions in it count from here. */
export function endQuiet(): void {
  settle();
  ctl[SCHEDULE_START] = ctl[POINTS];
  ctl[QUIET] = 0;
}
