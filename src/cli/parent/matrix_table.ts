/**
 * The table of files and kernels that `matrix` prints.
 *
 * @module
 */
import type { Expected } from "./expected.ts";
import type { ProbeEvent } from "../protocol/jobs.ts";

/** One entry of the table. */
export interface Entry {
  readonly file: string;
  readonly kernel: string;
  /** Undefined if it was not answered: the run was interrupted. */
  readonly answer: ProbeEvent | undefined;
  readonly expected: Expected | null;
}

/** Whether the answer is what the file expects; true if it expects nothing. */
export function isAsExpected({ answer, expected }: Entry): boolean {
  if (answer === undefined || expected === null) return true;
  const { result, title } = answer;
  if (expected.title === null) return result !== "bug" && result !== "other";
  if (result !== "bug") return false;
  return expected.title === undefined || expected.title === title;
}

/** What stands in the table for each result. A bug that a search found is in lower case. */
const SIGNS = { clean: ".", other: "o", unreached: "?", absent: "-" } as const;
/** Behind what is not as expected. */
const WRONG = "!";

function sign(entry: Entry): string {
  const { answer } = entry;
  if (answer === undefined) return "";
  const { result, searched } = answer;
  const s = result === "bug" ? (searched > 0 ? "b" : "B") : SIGNS[result];
  return isAsExpected(entry) ? s : s + WRONG;
}

/** The meaning of the signs. */
export const LEGEND: readonly string[] = [
  "B  the bug, under the schedule of the file",
  "b  the bug, under another schedule: that of the file does not fit this kernel",
  "o  another bug",
  ".  nothing; the schedule was run whole",
  "?  nothing; the schedule does not fit this kernel, and a search found no other",
  "-  an operation of the file does not exist",
  "!  not as the file expects",
];

/** The name of a file in the table. */
export function shortName(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1).replace(/\.txt$/, "");
}

/** The rows of the table, with a heading. */
function rowsOf(entries: readonly (readonly Entry[])[]): string[][] {
  const heading = ["", ...entries[0].map(({ kernel }) => kernel)];
  return [heading, ...entries.map((row) => [shortName(row[0].file), ...row.map(sign)])];
}

/** The table for a terminal: one line a file. */
export function textTable(entries: readonly (readonly Entry[])[]): string[] {
  const rows = rowsOf(entries);
  const widths = rows[0].map((_, i) => Math.max(...rows.map((r) => r[i].length)));
  return rows.map((r) => r.map((c, i) => c.padEnd(widths[i])).join("  ").trimEnd());
}

/** The table in Markdown, as `deno fmt` writes it. */
export function markdownTable(entries: readonly (readonly Entry[])[]): string[] {
  const rows = rowsOf(entries).map((r, i) => i === 0 ? ["File", ...r.slice(1)] : r);
  const widths = rows[0].map((_, i) => Math.max(3, ...rows.map((r) => r[i].length)));
  const lines = rows.map((r) => `| ${r.map((c, i) => c.padEnd(widths[i])).join(" | ")} |`);
  lines.splice(1, 0, `| ${widths.map((w) => "-".repeat(w)).join(" | ")} |`);
  return lines;
}

function text(answer: ProbeEvent): string {
  const { missing, result, searched, title } = answer;
  if (result === "absent") return `cannot run: ${missing}`;
  const found = title ?? "none";
  const where = missing === null ? "" : `; not on this kernel: ${missing}`;
  return searched === 0 ? found + where : `${found} after ${searched} other schedules${where}`;
}

/** What a wrong entry was to be, and what it is. */
export function disagreement({ answer, expected, file, kernel }: Entry): string {
  const wanted = expected!.title === undefined ? "its bug" : expected!.title ?? "none";
  const why = expected!.isNamed ? "" : " (so it is before and after)";
  return `${shortName(file)} on ${kernel}: ${text(answer!)}; expected: ${wanted}${why}`;
}
