/**
 * Control words about what blocked CPUs wait for.
 *
 * @module
 */
import { controlWords } from "./control.ts";
import { CPUS_MAX } from "./sizes.ts";

const word = controlWords("waits");

/** What a blocked CPU waits for: a kind, and an address or CPU. */
export const WAIT_KIND: number = word(CPUS_MAX);
export const WAIT_ON: number = word(CPUS_MAX);
/** The function a blocked CPU is in, for the report. */
export const WAIT_FN: number = word(CPUS_MAX);
/** 1: what blocks it is a sleep, so that its CPU is free for softirqs. */
export const WAIT_SLEEPS: number = word(CPUS_MAX);

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
