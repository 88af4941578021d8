/**
 * Sets of CPUs in words, a bit each, where a machine may have more CPUs than a word has bits.
 *
 * @module
 */
import { CPUS_MAX } from "./sizes.ts";

const LOG_BITS = 5;

/** Words of a set. */
export const SET_WORDS: number = CPUS_MAX >> LOG_BITS;

/** No CPU is in the set at `at`. */
export function clearSet(words: Int32Array, at: number): void {
  for (let i = 0; i < SET_WORDS; i++) words[at + i] = 0;
}

/** CPU `cpu` is in the set at `at`. */
export function addCpu(words: Int32Array, at: number, cpu: number): void {
  words[at + (cpu >> LOG_BITS)] |= 1 << cpu; // only the lowest bits of the number count
}

/** Whether CPU `cpu` is in the set at `at`. */
export function hasCpu(words: Int32Array, at: number, cpu: number): boolean {
  return ((words[at + (cpu >> LOG_BITS)] >>> cpu) & 1) !== 0;
}
