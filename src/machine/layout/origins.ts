/**
 * Where values that were never written come from: the words of the region; see memory/uninit.ts.
 *
 * @module
 */
import { CPUS_MAX, ORIGINS_MAX, STACK_WORDS } from "./sizes.ts";

/** What each CPU keeps of the last cell without a value that it read: the cell, when, and where. */
export const READ_CELL = 0;
export const READ_OP = 1;
export const READ_DEPTH = 2;
export const READ_FN = 3;
const READ_WORDS = 4;

/** How many stores of such values are remembered, behind what the CPUs keep. */
export const ORIGIN_COUNT: number = CPUS_MAX * READ_WORDS;

/** A remembered store: the cell stored to, the cell the value came from, a stack. */
export const ORIGIN_TO = 0;
export const ORIGIN_FROM = 1;
export const ORIGIN_STACK = 2;
const ORIGIN_WORDS = ORIGIN_STACK + STACK_WORDS;

/** Words of the region. */
export const ORIGIN_REGION_WORDS: number = ORIGIN_COUNT + 1 + ORIGINS_MAX * ORIGIN_WORDS;

/** Where the words of CPU `cpu` begin. */
export function readOf(cpu: number): number {
  return cpu * READ_WORDS;
}

/** Where the `i`-th remembered store begins. */
export function originAt(i: number): number {
  return ORIGIN_COUNT + 1 + i * ORIGIN_WORDS;
}
