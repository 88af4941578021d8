/**
 * What a finding follows from: the first law that its input breaks.
 *
 * A law such as "no object has fewer references than holders" is broken when a reference is lost. What
 * ends the execution comes later, and depends on who touches the object then: a use after free here, an
 * underflow there. So the minimised input of a finding is run once more, with laws judged at every
 * point and after every operation. Findings that break the same law first have one cause.
 *
 * If no law is broken before the finding, the same program runs without a race, each CPU to its end:
 * functions that are in the middle of something hide a lost reference by one that they hold
 * themselves. What breaks a law so needs no race.
 *
 * If no law is broken then either, the finding is its own cause.
 *
 * @module
 */
import type { Executor } from "../../machine/executor.ts";
import { record } from "../inputs/input.ts";
import { printOperation } from "../../prog/print.ts";
import type { Program, TargetSpec } from "../../prog/types.ts";
import { operationOf } from "../../report/operations.ts";
import type { FirstBroken } from "../../report/types.ts";

/** The most executions that {@linkcode firstBroken} makes. */
export const CAUSE_EXECUTIONS = 2;

/** The step at which the last execution broke a law; null if its finding is none of that kind. */
function stepOf(executor: Executor, p: Program): Omit<FirstBroken, "inTurn"> | null {
  const { found } = executor.outcome();
  if (found?.isStep !== true) return null;
  const { recording } = executor;
  const { at, when } = recording.finding();
  const isLate = when === "quiescence";
  const point = recording.points().findLast(({ cpu, op }) => cpu === at.cpu && op >= -1);
  const fn = point?.owner ?? point?.stack.at(-1) ?? null;
  const operation = point === undefined
    ? null
    : operationOf(p.ops.map(printOperation), point.op)?.text ?? null;
  return { title: found.title, detail: found.text, cpu: at.cpu, operation, fn, isLate };
}

/**
 * The first law that an input breaks; null if there is none before its finding. Records up to
 * {@linkcode CAUSE_EXECUTIONS} executions.
 */
export function firstBroken(
  executor: Executor,
  p: Program,
  spec: TargetSpec,
): FirstBroken | null {
  for (const inTurn of [false, true]) {
    if (record(executor, inTurn ? { ...p, schedule: null } : p, spec, true, true) === null) {
      continue;
    }
    const step = stepOf(executor, p);
    if (step !== null) return { ...step, inTurn };
  }
  return null;
}
