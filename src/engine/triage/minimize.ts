/**
 * Minimising an input: fewer CPUs, operations, switches, simpler arguments, same title.
 *
 * Passes over one predicate, repeated until nothing changes or the budget, counted in executions, is
 * used up. A smaller input is one that comes first in the total order of size.ts, so that two people's
 * minimised inputs agree. Removing an operation keeps the symbolic schedule, which survives it; if the
 * bug is then gone, a few other schedules are tried.
 *
 * @module
 */
import type { Executor } from "../../machine/executor.ts";
import { Rng } from "../programs/rng.ts";
import { execute, record, withRecordedSchedule } from "../inputs/input.ts";
import * as passes from "./passes.ts";
import { canReschedule, Rescheduler } from "./reschedule.ts";
import { isSmaller, stepsOf } from "./size.ts";
import type { Program, TargetSpec } from "../../prog/types.ts";

export interface MinimizeOptions {
  /** Executions at most. */
  readonly budget: number;
  /** Called with every improvement: the best so far can be saved. */
  readonly onBetter?: (p: Program) => void;
  /** Called now and then: executions so far, and the best. */
  readonly onProgress?: (execs: number, best: Program) => void;
  /** Ask whether to stop early, with the best so far. */
  readonly stop?: () => boolean;
}

/** Schedules tried when an operation's removal made the recorded one useless. */
const RESEARCH = 120;
/** A schedule of so many steps is short enough to be left as it is. */
const SHORT = 3;
/** A schedule of more steps than this is hard to read: a shorter one is searched for longer. */
const LONG = 4;
/** So many times as many schedules are tried to shorten a long one. */
const PATIENT = 10;
/** Executions between two calls of `onProgress`. */
const PROGRESS_EVERY = 256;
/** Points that a schedule is spread over before an execution tells, and at least. */
const POINTS_GUESS = 300;
const POINTS_MIN = 16;

class Minimizer implements passes.Shrinking {
  execs = 0;
  readonly #tried = new Set<string>();
  readonly #rescheduler: Rescheduler;
  /** Points of the last execution: how far a schedule reaches. */
  #points = POINTS_GUESS;

  constructor(
    readonly executor: Executor,
    public best: Program,
    readonly title: string,
    readonly spec: TargetSpec,
    readonly options: MinimizeOptions,
  ) {
    const rng = new Rng(best.ops.length * 65537 + best.cpus);
    this.#rescheduler = new Rescheduler(executor.meetings, rng);
  }

  exhausted(): boolean {
    return this.execs >= this.options.budget || (this.options.stop?.() ?? false);
  }

  #shows(p: Program): boolean {
    this.execs++;
    if (this.execs % PROGRESS_EVERY === 0) this.options.onProgress?.(this.execs, this.best);
    const title = execute(this.executor, p, this.spec);
    this.#points = Math.max(POINTS_MIN, this.executor.scheduledPoints);
    return title === this.title;
  }

  accept(p: Program, search = false): boolean {
    if (this.exhausted() || !isSmaller(p, this.best)) return false;
    const key = JSON.stringify([p.cpus, p.ops, p.schedule]);
    if (this.#tried.has(key)) return false;
    this.#tried.add(key);
    if (this.#shows(p)) return this.#take(p);
    return search && this.#search(p);
  }

  prefer(p: Program): boolean {
    if (this.exhausted()) return false;
    this.execs++;
    if (execute(this.executor, p, this.spec) !== this.title) return false;
    this.best = p;
    return true;
  }

  #take(p: Program): boolean {
    this.best = p;
    this.options.onBetter?.(p);
    return true;
  }

  /** Search for a shorter schedule of the best program, if its own is long. */
  reschedule(): void {
    for (;;) {
      const steps = stepsOf(this.best).length;
      const tries = steps > LONG ? PATIENT * RESEARCH : RESEARCH;
      if (steps <= SHORT || !this.#search(this.best, tries)) return;
    }
  }

  /** Try other schedules of a program until one makes it smaller than the best. */
  #search(p: Program, tries = RESEARCH): boolean {
    if (!canReschedule(p)) return false;
    const points = this.#points;
    for (let i = 0; i < tries && !this.exhausted(); i++) {
      const numeric = this.#rescheduler.next(p, points, i === 0);
      if (!this.#shows(numeric)) continue;
      this.execs += 2;
      record(this.executor, numeric, this.spec);
      const symbolic = withRecordedSchedule(this.executor, p);
      if (isSmaller(symbolic, this.best) && this.#shows(symbolic)) return this.#take(symbolic);
    }
    return false;
  }
}

/**
 * The smallest input found that shows the same title.
 *
 * @param p a program with a symbolic schedule under which it shows `title`.
 */
export function minimize(
  executor: Executor,
  p: Program,
  title: string,
  spec: TargetSpec,
  options: MinimizeOptions,
): { program: Program; execs: number } {
  const m = new Minimizer(executor, p, title, spec, options);
  for (let before = null as Program | null; before !== m.best && !m.exhausted();) {
    before = m.best;
    passes.dropOperations(m);
    passes.dropSteps(m);
    passes.moveOperations(m);
    passes.dropCpus(m);
    passes.simplifyArguments(m);
    passes.dropSteps(m);
    passes.simplifySteps(m);
    m.reschedule();
  }
  return { program: passes.dropUnusedResults(m.best), execs: m.execs };
}
