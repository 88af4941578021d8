/**
 * The table of bugs found from nothing, as Markdown.
 *
 * @module
 */
import { fixedBugs } from "../../../src/kernel/series/fixes.ts";
import type { Row } from "./bugs.ts";

/** The head, for so many seeds. */
export function HEAD(seeds: number): string {
  const cells = Array.from({ length: seeds }, (_, i) => `Seed ${i + 1}`);
  const names = ["Bug", "Kernel", "Flags", "Not mended", ...cells];
  return `| ${names.join(" | ")} |\n|${names.map(() => " --- |").join("")}`;
}

function count(found: number | null, execs: number): string {
  return found === null ? `not in ${execs.toLocaleString("en")}` : found.toLocaleString("en");
}

/**
 * A row: the bug, what was run, which other bugs its kernel still has because their fixes would
 * mend this one, and the executions of each seed.
 */
export function line(
  row: Row,
  others: readonly string[],
  found: readonly (number | null)[],
  execs: number,
): string {
  const left = fixedBugs(row.kernel).filter((bug) => bug !== row.bug && !others.includes(bug));
  const flags = [
    ...(row.preempt === undefined ? [] : ["--preempt", row.preempt]),
    ...(row.flags ?? []),
  ];
  const cells = [
    row.seed,
    row.kernel,
    flags.length === 0 ? "" : `\`${flags.join(" ")}\``,
    left.join(", "),
    ...found.map((n) => count(n, execs)),
  ];
  return `| ${cells.join(" | ")} |`;
}
