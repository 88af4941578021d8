/**
 * Texts about a recorded execution.
 *
 * @module
 */
import type { Executor, Recording } from "../../machine/executor.ts";
import { printOperation } from "../../prog/print.ts";
import type { Program } from "../../prog/types.ts";
import { formOf } from "../inputs/input.ts";
import { showsBoot } from "../../report/operations.ts";
import type { FirstBroken, LeftOutCall } from "../../report/types.ts";
import { brief } from "../../report/brief.ts";
import { type Place, placesOf } from "../../report/places.ts";
import { interleaving, render } from "../../report/render.ts";

/** Facts for a report that are not part of the recording. */
export interface ReportFacts {
  readonly kernel: string;
  /** Files with the input and the report. */
  readonly files: readonly string[];
  /** The complete command that reproduces the finding. */
  readonly command: string;
  /** The law that was broken first. */
  readonly first?: FirstBroken | null;
  /** What the translation of a tree leaves out. */
  readonly leftOut?: readonly LeftOutCall[];
}

function recorded(recording: Recording, p: Program) {
  return {
    preempt: p.preempt,
    cpus: p.cpus,
    ops: p.ops.map(printOperation),
    trace: recording.points(),
  };
}

/** The report of the finding. With `full`, the interleaving shows every point. */
export function reportOf(
  recording: Recording,
  p: Program,
  facts: ReportFacts,
  full = false,
): string {
  const finding = recording.finding();
  return render({ ...recorded(recording, p), ...facts, finding }, { full });
}

/**
 * Record the last execution once more, with its boot operations, if they belong into the report of its
 * finding. The trace hash and the switches are then no longer those of the execution.
 */
export function recordForReport(executor: Executor, p: Program): void {
  const finding = executor.recording.finding();
  if (showsBoot({ finding, ops: p.ops.map(printOperation) })) executor.record(formOf(p), true);
}

/** The finding in few lines, without title and file; see report/brief.ts. */
export function briefOf(
  recording: Recording,
  p: Program,
  first: FirstBroken | null = null,
): readonly string[] {
  const { ops, trace } = recorded(recording, p);
  return brief({ finding: recording.finding(), first, ops, trace });
}

/** The places of the conflict that makes the finding; see report/places.ts. */
export function conflictOf(recording: Recording): readonly Place[] {
  return placesOf({ finding: recording.finding(), trace: recording.points() });
}

/** The interleaving with every point, whether or not there is a finding. */
export function interleavingOf(recording: Recording, p: Program, kernel: string): string {
  const input = { ...recorded(recording, p), kernel, finding: null, files: [], command: "" };
  return interleaving(input, { full: true });
}
