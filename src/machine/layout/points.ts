/**
 * Control words that a point touches: the countdown, what it stands for, and what is new.
 *
 * They come first, because CPUs that run free have them to themselves; see `hot` in arena.ts.
 *
 * @module
 */
import { controlWords } from "./control.ts";

const word = controlWords("points");

/** Points left until the next decision. Decremented by every point. */
export const COUNTDOWN: number = word();
/** What the countdown was last loaded with, to know how many points have passed. */
export const LOADED: number = word();
/** Points passed before the countdown was last loaded. */
export const POINTS: number = word();
/** BASE minus COUNTDOWN is the position of the current point in the schedule, from 1. */
export const BASE: number = word();
/** Features seen for the first time in this execution. */
export const NOVEL: number = word();
/** Points passed when the schedule began to decide: positions of a schedule count from there. */
export const SCHEDULE_START: number = word();
/** Points passed while the schedule decided: without boot and teardown. */
export const SCHEDULED: number = word();
