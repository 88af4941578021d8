/**
 * PCT: random priorities, and d-1 points at which the running CPU falls to the lowest one
 * (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010).
 *
 * Deviations: the depth is drawn for each execution, from 1 to 5, small depths more often, because
 * the depth of the bug is not known. The length is that of earlier executions of the same program,
 * instead of a bound.
 *
 * @module
 */
import { DEMOTE } from "../../prog/layout.ts";
import { addEvent, addInterrupts, beginEvents, finishEvents } from "./events.ts";
import type { Strategy } from "./strategy.ts";

/** Maximum of change points. */
const CHANGES_MAX = 4;
/** After each change point, one in this many schedules gets no further one. */
const ENOUGH = 3;

export const pct: Strategy = {
  name: "pct",
  doc: "random priorities; the running CPU falls behind at a few random points",
  schedule(out, s, rng) {
    beginEvents(out, s.cpus, rng);
    let changes = 0;
    while (changes < CHANGES_MAX && !rng.oneIn(ENOUGH)) changes++;
    for (let i = 0; i < changes; i++) addEvent(1 + rng.below(s.points), DEMOTE);
    addInterrupts(s, rng);
    finishEvents(out);
  },
};
