/**
 * Control words for whoever watches a machine, and for telling it to stop.
 *
 * @module
 */
import { controlWords } from "./control.ts";

const word = controlWords("status");

/** Non-zero: leave the loop; the machine is being shut down. Atomic. */
export const POISON: number = word();
/** Executions done: for the watchdog, and the number of the one that runs. Only CPU 0 writes it. */
export const HEARTBEAT: number = word();
/** Steps that laws were judged at: an execution that is judged at every point takes long. */
export const STEPS_JUDGED: number = word();
/** Whether CPU 0 executes an input, and does not choose the next one. Only CPU 0 writes it. */
export const EXECUTING: number = word();
