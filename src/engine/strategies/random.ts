/**
 * Random walk: after every stretch of points of random length, another CPU at random.
 *
 * The mean length of a stretch is drawn for each execution, from every second point to a few
 * switches in all, since a walk that may switch everywhere mostly shows that it did.
 *
 * @module
 */
import * as layout from "../../prog/layout.ts";
import { addEvent, addInterrupts, beginEvents, finishEvents } from "./events.ts";
import type { Strategy } from "./strategy.ts";

const { SWITCH } = layout;

/** Switches at most: above it the stretches become longer. */
const SWITCHES_MAX = 120;
/** Shortest mean length of a stretch; it is doubled a random number of times, below the second. */
const MEAN_MIN = 2;
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
    addInterrupts(s.interrupts, s.points, rng);
    finishEvents(out);
  },
};
