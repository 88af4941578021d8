/**
 * POS: partial order sampling (Yuan, Yang, Gu, CAV 2018).
 *
 * The next access of each CPU has a random priority, and the one with the highest comes first. After
 * an access, those that were waiting to access the same cell get new priorities; so the order of two
 * accesses that race does not follow from their orders with others.
 *
 * Deviations: only accesses at which actors met in the last execution of the program have priorities,
 * and the schedule is drawn before the execution. Two reads of one cell count as a race.
 *
 * @module
 */
import { finishEvents } from "./events.ts";
import { pct } from "./pct.ts";
import { prioritize, priority, reprioritize } from "./priorities.ts";
import type { Strategy } from "./strategy.ts";
import { beginWeave, hasNext, next, readAccesses, step } from "./weave.ts";

/** The CPU whose next access has the highest priority; -1 if none has an access left. */
function highest(cpus: number): number {
  let best = -1;
  for (let c = 0; c < cpus; c++) {
    if (hasNext(c) && (best < 0 || priority[c] > priority[best])) best = c;
  }
  return best;
}

export const pos: Strategy = {
  name: "pos",
  doc: "random priorities of accesses to shared cells, drawn anew where two race",
  schedule(out, s, rng) {
    if (!readAccesses(s)) return pct.schedule(out, s, rng);
    beginWeave(out, s, rng);
    prioritize(s.cpus, rng);
    for (let c = highest(s.cpus); c >= 0; c = highest(s.cpus)) {
      const i = next[c];
      step(out, c);
      reprioritize(c, i, s.cpus, rng);
    }
    finishEvents(out);
  },
};
