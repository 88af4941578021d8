/**
 * Random walk: after a random number of points, switch to a random CPU; and so on.
 *
 * The mean number of points between two switches is drawn for each execution: from a switch at
 * every second point to a few switches in all. A walk that may switch at every point finds little.
 *
 * Comments of constants tell what other values are worth: executions until a bug is found, relative to
 * the present value (`deno task tune`, November 2026; the table is in test/bench/README.md).
 *
 * @module
 */
import { SWITCH } from "../../prog/layout.ts";
import { addEvent, addInterrupts, beginEvents, finishEvents } from "./events.ts";
import type { Strategy } from "./strategy.ts";

/** Maximum of switches; a longer execution has more points between two switches. */
const SWITCHES_MAX = 120;
/** The smallest mean. */
const MEAN_MIN = 2;
/**
 * The mean is doubled a random number of times, fewer than this. With 4: 1.63 times the executions;
 * with 16: 1.41.
 */
const DOUBLINGS = 8;

export const random: Strategy = {
  name: "random",
  doc: "switches to random CPUs after stretches of random length",
  schedule(out, s, rng) {
    beginEvents(out, s.cpus, rng);
    const mean = Math.max(MEAN_MIN << rng.below(DOUBLINGS), Math.ceil(s.points / SWITCHES_MAX));
    for (let at = 1 + rng.below(2 * mean); at < s.points; at += 1 + rng.below(2 * mean)) {
      addEvent(at, SWITCH, rng.below(s.cpus));
    }
    addInterrupts(s, rng);
    finishEvents(out);
  },
};
