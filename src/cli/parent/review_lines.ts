/**
 * What a review says of each changed line: how many executions came through it, and how.
 *
 * @module
 */
import type { ReviewedLine } from "./review_sides.ts";

/** Executions that came through a line, and those of them in which more was going on. */
export interface Looked extends ReviewedLine {
  readonly executions: number;
  /** By two CPUs at once. */
  readonly byTwo: number;
  /** With a handler in between. */
  readonly interrupted: number;
  /** With an allocation that failed. */
  readonly failing: number;
  /** While a css was going offline. */
  readonly offlining: number;
}

/** Lines that the screen has room for; a mail has all. */
const LINES_MAX = 20;
const TEXT_MAX = 48;
const HEADINGS = ["through", "two CPUs", "handler", "failing", "offlining"];

/** Put lines and the counts of a campaign together. */
export function lookedAt(
  lines: readonly ReviewedLine[],
  passages: readonly (readonly number[])[],
): Looked[] {
  return lines.map((line) => {
    const [executions = 0, byTwo = 0, interrupted = 0, failing = 0, offlining = 0] =
      passages[line.number] ?? [];
    return { ...line, executions, byTwo, interrupted, failing, offlining };
  });
}

/** `mm/memcontrol.c:2863`; a function of the model has no place. */
function placeOf({ file, line, text }: Looked): string {
  return file === "" ? text : `${file}:${line}`;
}

function textOf({ file, gone, text }: Looked): string {
  const before = gone === 0 ? "" : `[${gone} gone before] `;
  const whole = file === "" ? "" : before + text;
  return whole.length > TEXT_MAX ? `${whole.slice(0, TEXT_MAX - 1)}…` : whole;
}

function row(line: Looked, width: number): string {
  const { executions, byTwo, interrupted, failing, offlining } = line;
  const counts = [executions, byTwo, interrupted, failing, offlining];
  const cells = counts.map((n, i) => String(n).padStart(HEADINGS[i].length));
  return `  ${placeOf(line).padEnd(width)}  ${cells.join("  ")}  ${textOf(line)}`.trimEnd();
}

/** The table, and the lines that nothing came through. */
export function lookedLines(looked: readonly Looked[], whole: boolean): string[] {
  const reached = looked.filter(({ executions }) => executions > 0);
  const never = looked.filter(({ executions }) => executions === 0);
  const width = Math.max(0, ...reached.map((line) => placeOf(line).length));
  const shown = whole ? reached : reached.slice(0, LINES_MAX);
  const more = reached.length - shown.length;
  const rows = [
    `LOOKED AT: ${reached.length} of ${looked.length} changed lines, in executions`,
    ...shown.length === 0 ? [] : [`  ${"".padEnd(width)}  ${HEADINGS.join("  ")}`],
    ...shown.map((line) => row(line, width)),
  ];
  return [
    ...rows,
    ...more === 0 ? [] : [`  … ${more} more; --mail and --json have all`],
    ...never.map((line) => `  never reached: ${placeOf(line)}  ${textOf(line)}`.trimEnd()),
  ];
}
