/**
 * The report of a finding: splat, interleaving, files, and how to see it again.
 *
 * @module
 */
import { operationOf } from "./operations.ts";
import { rowsOf } from "./rows.ts";
import { splat } from "./splat.ts";
import { table } from "./table.ts";
import type { ReportInput, TraceInput } from "./types.ts";

export interface InterleavingOptions {
  /** Show every point, not only those that matter. */
  readonly full?: boolean;
}

/** What ran before the schedule began, as in the file. */
function setup(ops: readonly string[]): string[] {
  const boot = ops.map((_, i) => operationOf(ops, i)!).filter(({ isBoot }) => isBoot);
  return boot.length === 0 ? [] : [...boot.map(({ text }) => text), ""];
}

/** What the CPUs did, one column each, up to the finding. */
export function interleaving(input: TraceInput, options: InterleavingOptions = {}): string {
  const { ops, trace, finding, cpus } = input;
  const seen = [finding?.at.cpu ?? 0, ...trace.map(({ cpu }) => cpu)];
  const columns = seen.reduce((n, cpu) => Math.max(n, cpu + 1), cpus);
  return [...setup(ops), ...table(rowsOf(input, options.full ?? false), columns)].join("\n");
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
