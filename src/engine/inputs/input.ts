/**
 * Executes one input: a program and its schedule.
 *
 * @module
 */
import { type Executor, type Form, NUMERIC, SYMBOLIC } from "../../machine/executor.ts";
import { packNumeric, packProgram } from "../../prog/pack.ts";
import type { ParseError } from "../../prog/errors.ts";
import { BOOT, type Program, type Schedule, type TargetSpec } from "../../prog/types.ts";

/** The default schedule: each CPU runs to its end, one after the other. */
export function inTurn(cpus: number): Extract<Schedule, { kind: "numeric" }> {
  return { kind: "numeric", order: Array.from({ length: cpus }, (_, c) => c), events: [] };
}

/** The form of the schedule of a program. */
export function formOf(p: Program): Form {
  return p.schedule?.kind === "symbolic" ? SYMBOLIC : NUMERIC;
}

/**
 * Give an input to the executor, and tell it which titles the input expects. Errors name functions
 * and fields that this kernel does not have.
 */
export function load(executor: Executor, p: Program, spec: TargetSpec): ParseError[] {
  packProgram(p, spec, executor.program);
  executor.expect([p.title, ...p.expects.map((e) => e.title ?? "")]);
  const s = p.schedule ?? inTurn(p.cpus);
  if (s.kind === "symbolic") return executor.writeSteps(s.steps, p.title);
  packNumeric(s, p.cpus, executor.schedule);
  return [];
}

/** The title of the last execution's finding, or null. */
export function titleOf(executor: Executor): string | null {
  return executor.hasFound ? executor.outcome().found!.title : null;
}

/**
 * Load and execute an input to see whether it is worth keeping; returns the title of its finding, or
 * null.
 */
export function attempt(executor: Executor, p: Program, spec: TargetSpec): string | null {
  load(executor, p, spec);
  executor.attempt(formOf(p));
  return titleOf(executor);
}

/**
 * Load and execute an input, and record it, with `whole` also its boot and teardown, and with
 * `everyStep` with laws judged at every step; returns the title of its finding, or null.
 */
export function record(
  executor: Executor,
  p: Program,
  spec: TargetSpec,
  whole = false,
  everyStep = false,
): string | null {
  if (load(executor, p, spec).length > 0) return null;
  executor.record(formOf(p), whole, false, everyStep);
  return titleOf(executor);
}

/** The program with the symbolic schedule of its last execution, which was recorded. */
export function withRecordedSchedule(executor: Executor, p: Program): Program {
  return { ...p, schedule: { kind: "symbolic", steps: executor.recording.steps() } };
}

/** Number of operations that are not boot operations. */
export function runOps(p: Program): number {
  return p.ops.filter((o) => o.cpu !== BOOT).length;
}
