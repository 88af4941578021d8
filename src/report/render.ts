/**
 * The report of a finding: splat, interleaving, files, and how to see it again.
 *
 * @module
 */
import { rowsOf } from "./rows.ts";
import { splat } from "./splat.ts";
import { table } from "./table.ts";
import type { ReportInput } from "./types.ts";

export interface InterleavingOptions {
  /** Show every point, not only those that matter. */
  readonly full?: boolean;
}

/** What the CPUs did, one column each, up to the finding. */
export function interleaving(
  input: ReportInput,
  { full = false }: InterleavingOptions = {},
): string {
  const cpus = Math.max(input.cpus, input.finding.at.cpu + 1, ...input.trace.map((p) => p.cpu + 1));
  return table(rowsOf(input, full), cpus).join("\n");
}

/** The whole report, ready for a mail. */
export function render(input: ReportInput, options: InterleavingOptions = {}): string {
  const files = input.files.length === 0
    ? []
    : ["Files:", ...input.files.map((file) => `  ${file}`), ""];
  return [
    ...splat(input),
    "",
    interleaving(input, options),
    "",
    ...files,
    "Reproduce with:",
    `  ${input.command}`,
    "",
  ].join("\n");
}
