/**
 * The packed form of an input: the words that the CPUs read.
 *
 * A packed program is a header and fixed-size operations, a packed schedule a header and fixed-size
 * events; fixed sizes make mutation in the fuzz loop a matter of copying words.
 *
 * @module
 */
import { LIMITS } from "./types.ts";

/** Program header. */
export const P_NOPS = 0;
export const P_CPUS = 1;
/** Index into PREEMPTS. */
export const P_PREEMPT = 2;
/** Result slots in use, predefined ones included. */
export const P_SLOTS = 3;
export const P_OPS = 8;

/** One operation. */
export const OP_WORDS = 8;
/** Index into the target's operations. */
export const OP_ID = 0;
/** CPU, or BOOT. */
export const OP_CPU = 1;
/** Index into CONTEXTS. */
export const OP_CONTEXT = 2;
/** Bit k-1: the k-th allocation inside the operation fails. */
export const OP_FAIL = 3;
/** Slot that takes the result, or -1. */
export const OP_RESULT = 4;
/** Arguments: integers and CPUs as they are, references as slots. */
export const OP_ARGS = 5;

/**
 * Words of a packed program.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(new Int32Array(PROGRAM_WORDS).byteLength, 4 * 520);
 * ```
 */
export const PROGRAM_WORDS = P_OPS + LIMITS.ops * OP_WORDS;

/** Numeric schedule header. */
export const S_NEVENTS = 0;
/** Initial order of the CPUs, highest priority first, LIMITS.cpus words. */
export const S_ORDER = 1;
export const S_EVENTS = S_ORDER + LIMITS.cpus;

/** One event: points to let pass, then action | cpu << 8. */
export const EVENT_WORDS = 2;
export const EVENT_ACTIONS = ["switch", "demote", "interrupt", "softirq"] as const;
/**
 * Words of a packed numeric schedule.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(new Int32Array(SCHEDULE_WORDS).byteLength, 4 * 545);
 * ```
 */
export const SCHEDULE_WORDS = S_EVENTS + LIMITS.events * EVENT_WORDS;
