/**
 * The table of the suite.
 *
 * @module
 */
import { type Listed, type Published, TOOLS } from "./programs.ts";
import type { Trial } from "./trials.ts";

/** A program, and the executions that each trial needed. */
export interface Result {
  readonly listed: Listed;
  readonly trials: readonly Trial[];
}

/** The executions of the trials that found the bug, in order. */
function found(trials: readonly Trial[]): number[] {
  return trials.filter((n) => n !== null).sort((a, b) => a - b);
}

function mean(counts: readonly number[]): number {
  return counts.reduce((sum, n) => sum + n, 0) / counts.length;
}

/** The middle of numbers in order; the mean of the two in the middle, if there are two. */
function median(counts: readonly number[]): number {
  const half = counts.length >> 1;
  return counts.length % 2 === 1 ? counts[half] : (counts[half - 1] + counts[half]) / 2;
}

function short(n: number): string {
  return n < 10 ? String(Math.round(n * 10) / 10) : Math.round(n).toLocaleString("en");
}

function publishedCell(p: Published): string {
  if (p === null) return "";
  if (typeof p === "number") return short(p);
  return p[1] === 0 ? "never" : `${short(p[0])} (${p[1]}/20)`;
}

const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

/** The head of the table. */
export function headers(): string[] {
  const names = ["Program", "Solved", "Median", "Mean", ...TOOLS];
  return [line(names), line(names.map(() => "---"))];
}

/** The row of a program. What was not reached is said. */
export function row({ listed, trials }: Result): string {
  const published = listed.published?.map(publishedCell) ?? TOOLS.map(() => "");
  if (listed.bug === null) return line([listed.name, "no bug", "", "", ...published]);
  const counts = found(trials);
  const figures = counts.length === 0
    ? ["not found", ""]
    : [short(median(counts)), short(mean(counts))];
  return line([listed.name, `${counts.length}/${trials.length}`, ...figures, ...published]);
}

function geomean(values: readonly number[]): number {
  return Math.exp(mean(values.map((n) => Math.log(n))));
}

/** One tool on the programs that it solved in every trial. */
interface Geomean {
  readonly programs: number;
  readonly geomean: number;
}

/** The mean of a program, if every trial found the bug. */
function solved({ listed, trials }: Result): number | null {
  const counts = found(trials);
  if (listed.bug === null || counts.length === 0 || counts.length < trials.length) return null;
  return mean(counts);
}

function overSolved(means: readonly (number | null)[]): Geomean {
  const all = means.filter((n) => n !== null);
  return { programs: all.length, geomean: all.length === 0 ? 0 : geomean(all) };
}

/**
 * Geometric means of the executions to the first bug. Those of the publications are about the listed
 * programs that have figures; ours also about all.
 */
export function geomeans(results: readonly Result[]): { lines: string[]; event: object } {
  const compared = results.filter(({ listed }) => listed.published !== undefined);
  const ours = overSolved(compared.map(solved));
  const all = overSolved(results.map(solved));
  const buggy = results.filter(({ listed }) => listed.bug !== null).length;
  const tools = TOOLS.map((tool, i) => {
    const figures = compared.map(({ listed }) => listed.published![i]);
    return [tool, overSolved(figures.map((p) => typeof p === "number" ? p : null))] as const;
  });
  const text = (who: string, g: Geomean, of: number) =>
    `${who}: ${short(g.geomean)} over ${g.programs} of ${of}`;
  return {
    lines: [
      "Geometric mean of the means, over the programs that are solved in every trial:",
      `- ${text("this tool, all programs", all, buggy)}`,
      `- ${text("this tool, programs with published figures", ours, compared.length)}`,
      ...tools.map(([tool, g]) => `- ${text(tool, g, compared.length)}`),
    ],
    event: {
      all,
      compared: ours,
      buggy,
      of: compared.length,
      published: Object.fromEntries(tools),
    },
  };
}
