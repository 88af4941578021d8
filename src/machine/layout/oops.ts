/**
 * Control words of a finding; see findings/oops.ts.
 *
 * @module
 */
import { controlWords } from "./control.ts";

const word = controlWords("oops");

/** Functions of the stack that are kept. */
export const OOPS_FRAMES = 32;

/** 1: this execution is being abandoned; every CPU unwinds. Atomic in free-running mode. */
export const ABORT: number = word();
/** The kind of finding, 0 if there is none; the first CPU that sets it has found it. Atomic. */
export const OOPS_KIND: number = word();
/** The CPU that found it, its context, the function the title names, an argument, an address. */
export const OOPS_CPU: number = word();
export const OOPS_CONTEXT: number = word();
export const OOPS_FN: number = word();
export const OOPS_ARG: number = word();
export const OOPS_ADDR: number = word();
/**
 * What the execution is doing: an index into WHEN of report/types.ts. It stays what it was when something
 * is found.
 */
export const PHASE: number = word();
export const PHASE_BOOT = 0;
export const PHASE_RUN = 1;
export const PHASE_QUIESCENCE = 2;
export const PHASE_TEARDOWN = 3;
export const PHASE_VERDICT = 4;
/** 1: laws are being judged at a step, or what they showed at one is the finding. */
export const JUDGED_STEP: number = word();
/** Length of the text in the text region, in characters. */
export const OOPS_TEXT: number = word();
/** Functions of the stack, outermost first, and how many they are. */
export const OOPS_DEPTH: number = word();
export const OOPS_STACK: number = word(OOPS_FRAMES);
