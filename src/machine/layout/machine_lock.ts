/**
 * The control word of the machine's own lock; see words/machine_lock.ts.
 *
 * @module
 */
import { controlWords } from "./control.ts";

const word = controlWords("lock");

/** 1: taken. Atomic. */
export const MACHINE_LOCK: number = word();
