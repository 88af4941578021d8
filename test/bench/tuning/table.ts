/**
 * What was measured, as lines of text: medians per title, and ratios to the present value.
 *
 * @module
 */
import { type Run, type SetName, SETS, type Setup } from "./cases.ts";
import { compare, type Group, median, type Ratio, type Sample } from "./statistics.ts";

/** What is counted in campaigns of a set: executions, or what minimising came to. */
interface Count {
  readonly name: string;
  sample(run: Run): Sample;
}

const EXECUTIONS: Count = { name: "executions", sample: (run) => run };

/** Something of each minimised finding; titles that were not found do not count. */
function ofMinimized(name: string, f: (m: Run["minimized"][string]) => number): Count {
  return {
    name,
    sample: ({ minimized }) => ({
      found: Object.fromEntries(Object.entries(minimized).map(([title, m]) => [title, f(m)])),
      execs: 0,
    }),
  };
}

const COUNTS: Partial<Record<SetName, readonly Count[]>> = {
  minimize: [
    ofMinimized("executions", (m) => m.execs),
    ofMinimized("operations and steps", (m) => m.ops + m.steps),
  ],
};

function countsOf(set: SetName): readonly Count[] {
  return COUNTS[set] ?? [EXECUTIONS];
}

function casesOf(set: SetName) {
  return SETS[set].setups.flatMap((setup: Setup) => setup.cases);
}

/** How campaigns with another value compare to those with the present one. */
export interface Comparison {
  readonly counts: readonly { readonly name: string; readonly ratio: Ratio }[];
  /** Whether every campaign went as before: the constant plays no part. */
  readonly same: boolean;
  /** Points per execution: what executions cost. */
  readonly points: number;
  /** Titles that only one of the two found, and more than now and then. */
  readonly gone: readonly string[];
  readonly added: readonly string[];
}

export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly set: SetName;
  readonly others: readonly { readonly value: number; readonly comparison: Comparison }[];
}

/** A title that fewer than one campaign in so many finds is left to chance. */
const RARELY = 20;

function pointsPerExec(runs: readonly Run[]): number {
  return runs.reduce((n, r) => n + r.points, 0) / runs.reduce((n, r) => n + r.execs, 0);
}

/** Titles that a good part of the campaigns `a` found, and none of `b`. */
function without(a: readonly Run[], b: readonly Run[]): string[] {
  const there = new Set(b.flatMap((r) => r.titles));
  const often = (title: string) =>
    a.filter((r) => r.titles.includes(title)).length * RARELY >= a.length;
  const missing = new Set(a.flatMap((r) => r.titles).filter((t) => !there.has(t)));
  return [...missing].filter(often).sort();
}

/** Whether the campaigns `then` went as those with the same seeds among `now`, of which there may be more. */
function areSame(now: readonly Run[], then: readonly Run[]): boolean {
  const seeds = new Set(then.map((r) => r.seed));
  return JSON.stringify(now.filter((r) => seeds.has(r.seed))) === JSON.stringify(then);
}

export function compared(set: SetName, now: readonly Run[], then: readonly Run[]): Comparison {
  const counts = countsOf(set).map(({ name, sample }) => {
    const groups = casesOf(set).map((c): Group => {
      const of = (runs: readonly Run[]) => runs.filter((r) => r.case === c.name).map(sample);
      return { titles: Object.keys(c.wanted), now: of(now), then: of(then) };
    });
    return { name, ratio: compare(groups) };
  });
  return {
    counts,
    same: areSame(now, then),
    points: pointsPerExec(then) / pointsPerExec(now),
    gone: without(now, then),
    added: without(then, now),
  };
}

const LABEL = 8;
const COLUMN = 15;

export function heading(set: SetName): string {
  const titles = casesOf(set).flatMap((c) => Object.keys(c.wanted));
  return " ".repeat(LABEL) + titles.map((t) => t.padStart(COLUMN)).join("");
}

/** A ratio with its bounds. */
export function ratioText({ ratio, low, high }: Ratio): string {
  return `${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

/** The medians of campaigns with a value, and how they compare. */
export function row(
  set: SetName,
  value: number,
  runs: readonly Run[],
  comparison?: Comparison,
): string {
  const [{ sample }] = countsOf(set);
  const medians = casesOf(set).flatMap((c) => {
    const samples = runs.filter((r) => r.case === c.name).map(sample);
    return Object.keys(c.wanted).map((t) => median(samples, t));
  });
  const line = String(value).padStart(LABEL) +
    medians.map((n) => String(n).padStart(COLUMN)).join("");
  if (comparison === undefined) return line;
  const { counts, same, points, gone, added } = comparison;
  if (same) return `${line}\n${" ".repeat(LABEL)}  the same campaigns`;
  const ratios = counts.map((c) => `${c.name} ${ratioText(c.ratio)}`);
  const titles = [...gone.map((t) => `- ${t}`), ...added.map((t) => `+ ${t}`)];
  return [
    line,
    `${" ".repeat(LABEL)}  ${ratios.join(", ")}, points per execution ${points.toFixed(2)}`,
    ...titles.map((t) => `${" ".repeat(LABEL)}  ${t}`),
  ].join("\n");
}

/** A constant as a row of the table of the page. */
export function summaryRow({ name, value, set, others }: Measured): string {
  const cells = others.map(({ value, comparison: { same, counts } }) =>
    `${value}: ${same ? "the same" : counts.map((c) => ratioText(c.ratio)).join(", ")}`
  );
  return `| ${name} | ${value} | ${set} | ${cells.join(" | ")} |`;
}
