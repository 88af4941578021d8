/**
 * Which CPU runs when nobody says.
 *
 * @module
 */
import * as cpuWords from "../layout/cpus.ts";
import * as oopsWords from "../layout/oops.ts";
import * as scheduleWords from "../layout/schedule.ts";
import { views } from "../words/arena.ts";
import { runnable } from "../context/cpus.ts";
import { symbolicPick } from "./steps.ts";

const { ctl } = views();
const { CPU_BLOCKED, CPU_RUNNING, NCPUS, STATE } = cpuWords;
const { ABORT } = oopsWords;
const { MODE, MODE_SYMBOLIC, PRIORITY } = scheduleWords;

/** While unwinding: a CPU that still has something on its stack, or -1. */
function nextToUnwind(): number {
  for (let c = 0; c < ctl[NCPUS]; c++) {
    const s = ctl[STATE + c];
    if (s === CPU_RUNNING || s === CPU_BLOCKED) return c;
  }
  return -1;
}

/** The CPU to run when the current one cannot or need not go on; -1 if there is none. */
export function pickNext(): number {
  if (ctl[ABORT] !== 0) return nextToUnwind();
  if (ctl[MODE] === MODE_SYMBOLIC) return symbolicPick();
  let best = -1;
  for (let c = 0; c < ctl[NCPUS]; c++) {
    if ((best < 0 || ctl[PRIORITY + c] < ctl[PRIORITY + best]) && runnable(c)) best = c;
  }
  return best;
}

/** The first CPU that waits for something that will never come, or -1. */
export function firstBlocked(): number {
  for (let c = 0; c < ctl[NCPUS]; c++) if (ctl[STATE + c] === CPU_BLOCKED) return c;
  return -1;
}
