/**
 * The report of a finding: splat, interleaving, files, and the command that reproduces it.
 *
 * @module
 */
import { operationOf, showsBoot } from "./operations.ts";
import { rowsOf } from "./rows.ts";
import { splat } from "./splat.ts";
import { table } from "./table.ts";
import type { ReportInput, TraceInput } from "./types.ts";

/**
 * How much an interleaving shows.
 */
export interface InterleavingOptions {
  /** Show every point, not only the relevant ones. */
  readonly full?: boolean;
}

/** The operations that ran before the schedule began, as in the file. */
function setup(ops: readonly string[]): string[] {
  const boot = ops.map((_, i) => operationOf(ops, i)!).filter(({ isBoot }) => isBoot);
  return boot.length === 0 ? [] : [...boot.map(({ text }) => text), ""];
}

/**
 * What the CPUs did up to the finding, in one column per CPU; at most 100 characters wide.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * const stack = ["obj_cgroup_charge", "css_get"];
 * const at = { cpu: 0, context: "task", stack };
 * const point = {
 *   ...at,
 *   what: "atomic_add",
 *   object: "mem_cgroup#1",
 *   field: "css.refcnt.count",
 *   value: "1",
 *   op: 0,
 *   switchReason: null,
 * };
 * const text = interleaving({
 *   kernel: "posted",
 *   preempt: "full",
 *   cpus: 1,
 *   ops: ["cpu0  obj_cgroup_charge(o, 64)"],
 *   finding: null,
 *   trace: [point],
 *   files: [],
 *   command: "",
 * });
 * assert(text.includes("atomic_add mem_cgroup#1.css.refcnt.count = 1"));
 * ```
 */
export function interleaving(input: TraceInput, options: InterleavingOptions = {}): string {
  const { ops, trace, finding, cpus } = input;
  const seen = [finding?.at.cpu ?? 0, ...trace.map(({ cpu }) => cpu)];
  const columns = seen.reduce((n, cpu) => Math.max(n, cpu + 1), cpus);
  const above = showsBoot(input) && trace.length > 0 ? [] : setup(ops);
  return [...above, ...table(rowsOf(input, options.full ?? false), columns)].join("\n");
}

/** What is left out of the functions that the trace went through, if they are a tree's C. */
function leftOutOnPath({ leftOut = [], trace }: ReportInput): string[] {
  const path = new Set(trace.flatMap(({ stack }) => stack));
  const texts = leftOut.filter(({ fn }) => path.has(fn))
    .map(({ fn, file, line, what }) => `  ${fn}: ${file}:${line}: ${what}`);
  if (texts.length === 0) return [];
  return ["Left out of the C on this path:", ...new Set(texts), ""];
}

/**
 * The whole report, ready for a mail: splat, interleaving, files, and the command to reproduce it.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * const stack = ["obj_cgroup_charge", "css_get"];
 * const at = { cpu: 0, context: "task", stack };
 * const point = {
 *   ...at,
 *   what: "atomic_add",
 *   object: "mem_cgroup#1",
 *   field: "css.refcnt.count",
 *   value: "1",
 *   op: 0,
 *   switchReason: null,
 * };
 * const text = render({
 *   kernel: "posted",
 *   preempt: "full",
 *   cpus: 1,
 *   ops: ["cpu0  obj_cgroup_charge(o, 64)"],
 *   finding: {
 *     title: "refcount: 0 -> 1 in obj_cgroup_charge",
 *     oracle: "refcount",
 *     detail: ["The count had reached zero."],
 *     at,
 *     others: [],
 *   },
 *   trace: [point],
 *   files: ["crash.txt"],
 *   command: "deno task replay crash.txt",
 * });
 * assert(text.includes("BUG: refcount: 0 -> 1 in obj_cgroup_charge"));
 * assert(text.endsWith("  deno task replay crash.txt\n"));
 * ```
 */
export function render(input: ReportInput, options: InterleavingOptions = {}): string {
  const files = input.files.length === 0
    ? []
    : ["Files:", ...input.files.map((file) => `  ${file}`), ""];
  return [
    ...splat(input),
    "",
    interleaving(input, options),
    "",
    ...leftOutOnPath(input),
    ...files,
    "Reproduce with:",
    `  ${input.command}`,
    "",
  ].join("\n");
}
