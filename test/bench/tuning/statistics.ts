/**
 * Comparing executions to a first find: medians, and the ratio of two sets of campaigns.
 *
 * How many executions a campaign needs is spread like an exponential distribution, so the median of
 * ten says little. What is compared is therefore executions per find: all that were spent on a
 * title, divided by how often it was found, which is also right for campaigns that found nothing
 * until their bound. Ratios of several titles are averaged as logarithms. How far to trust the
 * average is told by drawing campaigns anew from those that were run (Efron 1979).
 *
 * @module
 */
import { Rng } from "../../../src/engine/programs/rng.ts";

/** A campaign: executions to the first find of each title, or null; and all executions. */
export interface Sample {
  readonly found: Readonly<Record<string, number>>;
  readonly execs: number;
}

/** A ratio, and between which bounds it lies with 95 % confidence. */
export interface Ratio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** Draws of campaigns, and the part of them left out on each side. */
const DRAWS = 1000;
const OUTSIDE = 0.025;
/** What no find at all counts as. */
const NO_FIND = 0.5;

/** The median; a campaign that did not find the title counts as infinite. */
export function median(samples: readonly Sample[], title: string): number {
  const all = samples.map((s) => s.found[title] ?? Infinity).sort((a, b) => a - b);
  const mid = all.length >> 1;
  return all.length % 2 === 1 ? all[mid] : (all[mid - 1] + all[mid]) / 2;
}

/** Executions spent on a title per find. */
export function perFind(samples: readonly Sample[], title: string): number {
  const spent = samples.reduce((sum, s) => sum + (s.found[title] ?? s.execs), 0);
  const finds = samples.filter((s) => s.found[title] !== undefined).length;
  return spent / Math.max(NO_FIND, finds);
}

/** Average of the logarithm of executions per find, over titles. */
function level(samples: readonly Sample[], titles: readonly string[]): number {
  return titles.reduce((sum, t) => sum + Math.log(perFind(samples, t)), 0) / titles.length;
}

function redraw(samples: readonly Sample[], rng: Rng): Sample[] {
  return samples.map(() => samples[rng.below(samples.length)]);
}

/** Sets of campaigns that differ in what they look for: each with its titles. */
export interface Group {
  readonly titles: readonly string[];
  readonly now: readonly Sample[];
  readonly then: readonly Sample[];
}

/** Executions per find, `then` to `now`, over all titles of all groups. */
export function compare(groups: readonly Group[]): Ratio {
  const count = groups.reduce((sum, g) => sum + g.titles.length, 0);
  const average = (f: (g: Group) => number) =>
    Math.exp(groups.reduce((sum, g) => sum + g.titles.length * f(g), 0) / count);
  const rng = new Rng(1);
  const drawn = Array.from(
    { length: DRAWS },
    () =>
      average(({ titles, now, then }) =>
        level(redraw(then, rng), titles) - level(redraw(now, rng), titles)
      ),
  ).sort((a, b) => a - b);
  return {
    ratio: average(({ titles, now, then }) => level(then, titles) - level(now, titles)),
    low: drawn[Math.floor(OUTSIDE * DRAWS)],
    high: drawn[Math.ceil((1 - OUTSIDE) * DRAWS) - 1],
  };
}
