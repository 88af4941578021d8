/**
 * Control words about CPUs: how many there are, and what each one does.
 *
 * @module
 */
import { CPUS_MAX } from "./sizes.ts";
import { controlWords } from "./control.ts";

const word = controlWords("cpus");

/** Number of CPUs of this program. */
export const NCPUS: number = word();
/** Preemption model of this program: see PREEMPT_ constants. */
export const PREEMPT: number = word();
/** CPUs online, a bit each. Of a wide machine all are: where its bits end, they begin anew. */
export const ONLINE: number = word();
/** 1: decisions are off (boot and teardown run on one CPU, undisturbed). */
export const QUIET: number = word();

/** State per CPU: see CPU_ constants. Atomic in free-running mode. */
export const STATE: number = word(CPUS_MAX);
/** Preemption models, numbered as in packed programs. */
export const PREEMPT_NONE = 0;
export const PREEMPT_FULL = 1;
export const PREEMPT_RT = 2;

/** This CPU takes no part, or waits to be started by another. */
export const CPU_ABSENT = 0;
/** It has operations to run and has not begun. */
export const CPU_READY = 1;
/** It is inside an operation. */
export const CPU_RUNNING = 2;
/** It waits inside an operation; WAIT_KIND says for what. */
export const CPU_BLOCKED = 3;
/** Between operations, or at their end: nothing on its JavaScript stack. */
export const CPU_IDLE = 4;
/** Parked by cpu_down() with operations left. */
export const CPU_OFFLINE = 5;
