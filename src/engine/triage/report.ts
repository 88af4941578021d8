/**
 * The texts that are made of the execution that was recorded last.
 *
 * @module
 */
import { readOops } from "../../machine/findings/oops.ts";
import { printOperation } from "../../prog/print.ts";
import type { Program } from "../../prog/types.ts";
import { interleaving, render } from "../../report/render.ts";
import { findingOf, tracePoints } from "./finding.ts";

/** What a report says that was not recorded. */
export interface ReportFacts {
  readonly kernel: string;
  /** Files that hold the input and this report. */
  readonly files: readonly string[];
  /** The complete command line that shows it again. */
  readonly command: string;
}

function recorded(p: Program) {
  return {
    preempt: p.preempt,
    cpus: p.cpus,
    ops: p.ops.map(printOperation),
    trace: tracePoints(),
  };
}

/** The report of the finding; with `full`, every point of the interleaving. */
export function reportOf(p: Program, facts: ReportFacts, full = false): string {
  return render({ ...recorded(p), ...facts, finding: findingOf(readOops()!) }, { full });
}

/** The interleaving, every point of it, finding or not. */
export function interleavingOf(p: Program, kernel: string): string {
  const input = { ...recorded(p), kernel, finding: null, files: [], command: "" };
  return interleaving(input, { full: true });
}
