/**
 * Oracles that judge at every point and after every operation, where that is asked for.
 *
 * @module
 */
import { JUDGED_STEP } from "../layout/oops.ts";
import { STEPS_JUDGED } from "../layout/status.ts";
import { views } from "../words/arena.ts";

const { ctl } = views();
const judges: (() => void)[] = [];

/** Add an oracle that judges at every point while EVERY_STEP is set. */
export function onEveryStep(f: () => void): void {
  judges.push(f);
}

/** Let all of them judge. */
export function judgeStep(): void {
  ctl[STEPS_JUDGED]++;
  ctl[JUDGED_STEP] = 1;
  for (let i = 0; i < judges.length; i++) judges[i]();
  ctl[JUDGED_STEP] = 0; // a finding leaves it set
}
