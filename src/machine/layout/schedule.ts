/**
 * Control words of the schedule that is followed.
 *
 * @module
 */
import { CPUS_MAX } from "./sizes.ts";
import { controlWords } from "./control.ts";

const word = controlWords("schedule");

/** How decisions are made: see MODE_ constants. */
export const MODE: number = word();
/** Next event of a numeric schedule, or current step of a symbolic one. */
export const CURSOR: number = word();
/** Occurrences of the current step's point seen so far. */
export const OCCURRENCES: number = word();
/** Numeric mode: points left until the next event. */
export const EVENT_COUNTDOWN: number = word();
/** Lowest priority handed out so far; a demoted CPU gets the next lower one. */
export const LOWEST: number = word();
/** Steps of a symbolic schedule whose point was never reached: a count and the first such step. */
export const UNREACHED: number = word();
export const UNREACHED_FIRST: number = word();
/** 1: laws are judged at every point, not only when all is quiet. */
export const EVERY_STEP: number = word();
/** Priority per CPU (lower runs first) of numeric schedules. */
export const PRIORITY: number = word(CPUS_MAX);

/** After a number of points each, something happens; between, the CPU of highest priority runs. */
export const MODE_NUMERIC = 0;
/** CPUs run until they come to named points. */
export const MODE_SYMBOLIC = 1;
