/**
 * The page of a finding, or of any execution.
 *
 * @module
 */
import type { Executor } from "../../machine/executor.ts";
import { readSource, sourceFiles } from "./source_files.ts";
import { formOf } from "../../engine/inputs/input.ts";
import { findingPage, pageData } from "../../page/page.ts";
import { printOperation } from "../../prog/print.ts";
import type { Program } from "../../prog/types.ts";

/** Facts for a page that are not part of the recording. */
export interface PageFacts {
  readonly kernel: string;
  readonly files: readonly string[];
  readonly command: string;
  /** Files of the user that points may lie in: addresses of patches and of the target. */
  readonly urls: readonly string[];
}

/**
 * The page of the loaded program. It is executed twice: for the points of the schedule, as reports
 * have them, and with boot and teardown.
 */
export function pageOf(executor: Executor, p: Program, facts: PageFacts): string {
  const { recording } = executor;
  executor.record(formOf(p));
  const trace = recording.points();
  const finding = executor.hasFound ? recording.finding() : null;
  executor.record(formOf(p), true, true);
  const ops = p.ops.map(printOperation);
  const isBoot = finding?.when === "boot" || trace.length === 0;
  return findingPage(pageData({
    kernel: facts.kernel,
    preempt: p.preempt,
    cpus: p.cpus,
    ops,
    finding: isBoot && executor.hasFound ? recording.finding() : finding,
    trace: isBoot ? recording.points() : trace,
    whole: recording.points(),
    details: recording.details(),
    files: facts.files,
    command: facts.command,
    sources: sourceFiles(facts.urls),
    read: readSource,
  }));
}
