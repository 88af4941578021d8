/**
 * Running one input from its program: the interface between the engine and the machine.
 *
 * @module
 */
import * as recordWords from "../../machine/layout/recording.ts";
import * as scheduleWords from "../../machine/layout/schedule.ts";
import { views } from "../../machine/words/arena.ts";
import { execute, type Outcome, outcome } from "../../machine/execution.ts";
import { titleOf } from "../../machine/findings/oops.ts";
import { forgetStacks } from "../../machine/record/stacks.ts";
import { active } from "../../sanitizers/active.ts";
import { packNumeric, packProgram } from "../../prog/pack.ts";
import type { ParseError } from "../../prog/errors.ts";
import { BOOT, type Program, type Schedule, type TargetSpec } from "../../prog/types.ts";
import { packSteps, stepsOfTrace } from "./steps.ts";

const { ctl, prog, sched } = views();
const { STACK_TRACES } = recordWords;
const { MODE_NUMERIC, MODE_SYMBOLIC } = scheduleWords;

/** What running an input came to. */
export interface Result {
  /** Title of the finding, or null. */
  readonly title: string | null;
  readonly outcome: Outcome;
}

/** The default schedule: each CPU in turn until it has nothing left to do. */
export function inTurn(cpus: number): Extract<Schedule, { kind: "numeric" }> {
  return { kind: "numeric", order: Array.from({ length: cpus }, (_, c) => c), events: [] };
}

/** Put an input into the arena; errors name what this kernel does not have. */
export function load(p: Program, spec: TargetSpec): ParseError[] {
  packProgram(p, spec, prog);
  active.expect([p.title, ...p.expects.map((e) => e.title ?? "")]);
  const s = p.schedule ?? inTurn(p.cpus);
  if (s.kind === "symbolic") {
    sched.fill(0);
    return packSteps(s.steps, p.title);
  }
  packNumeric(s, p.cpus, sched);
  return [];
}

/** Run what is in the arena. */
export function runLoaded(symbolic: boolean, trace: boolean): Result {
  if (trace) forgetStacks();
  ctl[STACK_TRACES] = trace ? 1 : 0;
  execute(symbolic ? MODE_SYMBOLIC : MODE_NUMERIC, trace);
  ctl[STACK_TRACES] = 0;
  const o = outcome();
  return { title: o.oops === null ? null : titleOf(o.oops), outcome: o };
}

/** Load and run an input. */
export function run(p: Program, spec: TargetSpec, trace = false): Result {
  load(p, spec);
  return runLoaded(p.schedule?.kind === "symbolic", trace);
}

/** Give a program the symbolic schedule of its last, recorded, execution. */
export function withRecordedSchedule(p: Program): Program {
  return { ...p, schedule: { kind: "symbolic", steps: stepsOfTrace() } };
}

/** Operations that are not setup. */
export function runOps(p: Program): number {
  return p.ops.filter((o) => o.cpu !== BOOT).length;
}
