/**
 * Words of each CPU about its operations and the work that is queued for it.
 *
 * @module
 */
import { percpuWords } from "./percpu.ts";

const word = percpuWords("operations");

/** Operation in execution, or -1. */
export const OP: number = word();
/** Next own operation to look at in the program. */
export const NEXT_OP: number = word();
/** Next interrupt operation to look at in the program. */
export const NEXT_IRQ: number = word();
/** Bit k-1: the k-th allocation of this operation fails. */
export const FAIL: number = word();
/** Allocations made so far by this operation. */
export const ALLOCS: number = word();
/** Work items queued: count, and position of the first. */
export const WORK_COUNT: number = word();
export const WORK_HEAD: number = word();
/** Whether a kworker runs: bits {@linkcode WORKING} and {@linkcode PREEMPTED}. */
export const IN_WORKER: number = word();
/** Index of the last recorded point, or -1. */
export const LAST_TRACED: number = word();
/** Why this CPU last gave the baton away: a BY_ constant. */
export const LEFT: number = word();
/** 1: the schedule left this CPU after an operation, before what that deferred. */
export const BETWEEN: number = word();

/** Bits of IN_WORKER: a work item runs; a kworker is on top of the task that it preempted. */
export const WORKING = 1;
export const PREEMPTED = 2;
