/**
 * Which CPU runs when nobody says.
 *
 * @module
 */
import * as arena from "../words/arena.ts";
import * as C from "../words/control.ts";
import { runnable } from "../context/cpus.ts";
import { symbolicPick } from "./steps.ts";

const { ctl } = arena;
const { ABORT, MODE, MODE_SYMBOLIC, NCPUS, PRIORITY, RUN_BLOCKED, RUN_RUNNING, STATE } = C;

/** While unwinding: a CPU that still has something on its stack, or -1. */
function nextToUnwind(): number {
  for (let c = 0; c < ctl[NCPUS]; c++) {
    const s = ctl[STATE + c];
    if (s === RUN_RUNNING || s === RUN_BLOCKED) return c;
  }
  return -1;
}

/** The CPU to run when the current one cannot or need not go on; -1 if there is none. */
export function pickNext(): number {
  if (ctl[ABORT] !== 0) return nextToUnwind();
  if (ctl[MODE] === MODE_SYMBOLIC) return symbolicPick();
  let best = -1;
  let priority = 0x7fffffff;
  for (let c = 0; c < ctl[NCPUS]; c++) {
    if (ctl[PRIORITY + c] < priority && runnable(c)) {
      best = c;
      priority = ctl[PRIORITY + c];
    }
  }
  return best;
}

/** The first CPU that waits for something that will never come, or -1. */
export function firstBlocked(): number {
  for (let c = 0; c < ctl[NCPUS]; c++) if (ctl[STATE + c] === RUN_BLOCKED) return c;
  return -1;
}
