/**
 * The texts that are made of a recorded execution.
 *
 * @module
 */
import type { Recording } from "../../machine/executor.ts";
import { printOperation } from "../../prog/print.ts";
import type { Program } from "../../prog/types.ts";
import { interleaving, render } from "../../report/render.ts";

/** What a report says that was not recorded. */
export interface ReportFacts {
  readonly kernel: string;
  /** Files that hold the input and this report. */
  readonly files: readonly string[];
  /** The complete command line that shows it again. */
  readonly command: string;
}

function recorded(recording: Recording, p: Program) {
  return {
    preempt: p.preempt,
    cpus: p.cpus,
    ops: p.ops.map(printOperation),
    trace: recording.points(),
  };
}

/** The report of the finding; with `full`, every point of the interleaving. */
export function reportOf(
  recording: Recording,
  p: Program,
  facts: ReportFacts,
  full = false,
): string {
  const finding = recording.finding();
  return render({ ...recorded(recording, p), ...facts, finding }, { full });
}

/** The interleaving, every point of it, finding or not. */
export function interleavingOf(recording: Recording, p: Program, kernel: string): string {
  const input = { ...recorded(recording, p), kernel, finding: null, files: [], command: "" };
  return interleaving(input, { full: true });
}
