/**
 * Control words of the ring of RCU callbacks; see context/grace.ts.
 *
 * @module
 */
import { controlWords } from "./control.ts";

const word = controlWords("callbacks");

/** Callbacks taken out of the ring so far, and callbacks put in. */
export const RCU_HEAD: number = word();
export const RCU_TAIL: number = word();
