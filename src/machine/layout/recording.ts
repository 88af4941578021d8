/**
 * Control words of the recording of an execution; see record/trace.ts.
 *
 * @module
 */
import { controlWords } from "./control.ts";

const word = controlWords("recording");

/** 1: record every point. */
export const TRACING: number = word();
/** Points recorded. */
export const TRACED: number = word();
/** CPUs that stood before a point when the execution was abandoned; their records follow TRACED. */
export const STOPPED: number = word();
/** 1 + the record of a write that a sanitizer did not let happen; 0 if there is none. */
export const UNDONE: number = word();
/** Running hash of the trace. */
export const HASH_LO: number = word();
export const HASH_HI: number = word();
/** 1: record of every point also its line and what the CPU holds. */
export const DETAILED: number = word();
/** 1: capture allocation and free stacks. */
export const STACK_TRACES: number = word();
