/**
 * Words of each CPU about its operations and the work that is queued for it.
 *
 * @module
 */
import { percpuWords } from "./percpu.ts";
import { WORKERS_MAX } from "./sizes.ts";

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
/** Work items queued: how many. */
export const WORK_COUNT: number = word();
/** Whether a kworker runs: bits {@linkcode WORKING} and {@linkcode PREEMPTED}. */
export const IN_WORKER: number = word();
/** Index of the last recorded point, or -1. */
export const LAST_TRACED: number = word();
/** Why this CPU last gave the baton away: a BY_ constant. */
export const LEFT: number = word();
/** 1: the schedule left this CPU after an operation, before what that deferred. */
export const BETWEEN: number = word();
/** Work items that run, one on top of the other: how many; each and its queue, the lowest first. */
export const WORK_RUNS: number = word();
export const RUNS_ITEM: number = word(WORKERS_MAX);
export const RUNS_OF: number = word(WORKERS_MAX);
/**
 * Kworkers on top of something: how many, and what lies below each, the lowest first: what it waits
 * for, as in WAIT_KIND and WAIT_ON. {@linkcode NOT_WAITING} if the kworker preempted it.
 */
export const ON_TOP: number = word();
export const BELOW_KIND: number = word(WORKERS_MAX);
export const BELOW_ON: number = word(WORKERS_MAX);

/** Bits of IN_WORKER: a work item runs; a kworker is on top of the task that it preempted. */
export const WORKING = 1;
export const PREEMPTED = 2;
/** What was preempted waits for nothing. */
export const NOT_WAITING = -1;
