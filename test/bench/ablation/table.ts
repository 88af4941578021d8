/**
 * The table of an ablation.
 *
 * @module
 */

/** Executions until a bug was found by each seed; null where it was not. */
export interface Cell {
  readonly bug: string;
  readonly counts: readonly (number | null)[];
}

/** What campaigns without a part came to; "" is no part. */
export interface Row {
  readonly without: string;
  readonly cells: readonly Cell[];
}

/** The median, with seeds that found nothing above all others; and how many found the bug. */
export function cellText({ counts }: Cell): string {
  const sorted = counts.map((n) => n ?? Infinity).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
  const found = counts.filter((n) => n !== null).length;
  const text = median === Infinity ? "none" : Math.round(median).toLocaleString("en");
  return found === counts.length ? text : `${text} (${found}/${counts.length})`;
}

/** The table as Markdown. */
export function table(rows: readonly Row[]): string {
  const bugs = rows[0].cells.map((c) => c.bug);
  return [
    `| Without | ${bugs.join(" | ")} |`,
    `| --- |${" --- |".repeat(bugs.length)}`,
    ...rows.map((r) => `| ${r.without || "(nothing)"} | ${r.cells.map(cellText).join(" | ")} |`),
  ].join("\n");
}
