/**
 * Control words about CPUs: how many there are, what each one does and what it waits for.
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
/** CPUs online, a bit each. */
export const ONLINE: number = word();
/** 1: decisions are off (boot and teardown run on one CPU, undisturbed). */
export const QUIET: number = word();

/** State per CPU: see CPU_ constants. Atomic in free-running mode. */
export const STATE: number = word(CPUS_MAX);
/** What a blocked CPU waits for: a kind, and an address or CPU. */
export const WAIT_KIND: number = word(CPUS_MAX);
export const WAIT_ON: number = word(CPUS_MAX);
/** The function a blocked CPU is in, for the report. */
export const WAIT_FN: number = word(CPUS_MAX);
/** 1: what blocks it is a sleep, so that its CPU is free for softirqs. */
export const WAIT_SLEEPS: number = word(CPUS_MAX);

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

/** A lock whose word must become 0. */
export const WAIT_LOCK = 1;
/** The end of CPU n. */
export const WAIT_JOIN = 2;
/** The RCU callback record n to become ready. */
export const WAIT_RCU = 3;
/** CPU n to be between operations, and all others to be preemptible: stop_machine(). */
export const WAIT_STOP_MACHINE = 4;
/** A word to become non-zero. */
export const WAIT_WORD = 5;
/** CPU n to be started by another. */
export const WAIT_START = 6;
/** A lock for readers and writers: to become free for a writer, for a reader, for a reader that need
 * not queue behind waiting writers. */
export const WAIT_WRITE = 7;
export const WAIT_READ = 8;
export const WAIT_READ_NOW = 9;
/** A word that is no lock to become zero. */
export const WAIT_ZERO = 10;
