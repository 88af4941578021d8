/**
 * Minimises an input: fewer CPUs, operations and switches, simpler arguments, the same title.
 *
 * Passes repeat until nothing changes or the budget of executions is used up. All use one
 * predicate: the input shows the title. The order of inputs by size (size.ts) is total, so two
 * people get the same minimised input. If an operation is removed, the symbolic schedule is kept;
 * if the title is then gone, a few other schedules are tried.
 *
 * @module
 */
import type { Executor } from "../../machine/executor.ts";
import { Rng } from "../programs/rng.ts";
import { attempt, formOf, load, record, withRecordedSchedule } from "../inputs/input.ts";
import * as passes from "./passes.ts";
import { canReschedule, Rescheduler } from "./reschedule.ts";
import { isSmaller, stepsOf } from "./size.ts";
import type { Program, TargetSpec } from "../../prog/types.ts";

export interface MinimizeOptions {
  /** Maximum of executions. */
  readonly budget: number;
  /** Called with every smaller input, so that it can be saved. */
  readonly onBetter?: (p: Program) => void;
  /** Called regularly, with the number of executions and the smallest input so far. */
  readonly onProgress?: (execs: number, best: Program) => void;
  /** Whether to stop early. The result is then the smallest input so far. */
  readonly stop?: () => boolean;
}

/**
 * Number of other schedules to try if the title is gone after an operation was removed. With 20 the
 * executions to minimise are 1.6 times as many, with 40 three times; the results have the same size
 * (test/bench/README.md).
 */
const RESEARCH = 10;
/** A schedule with at most this many steps is not shortened. */
const SHORT = 3;
/** A schedule with more steps than this is hard to read; the search for a shorter one is longer. */
const LONG = 4;
/** Factor by which that search is longer. */
const PATIENT = 30;
/** Number of executions between two calls of `onProgress`. */
const PROGRESS_EVERY = 256;
/** Number of points over which a schedule is spread: before the first execution, and minimum. */
const POINTS_GUESS = 300;
const POINTS_MIN = 16;

class Minimizer implements passes.Shrinking {
  execs = 0;
  unreached = -1;
  readonly #tried = new Set<string>();
  readonly #rescheduler: Rescheduler;
  /** Number of points of the last execution: the range of a schedule. */
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
    const title = attempt(this.executor, p, this.spec);
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
    if (attempt(this.executor, p, this.spec) !== this.title) return false;
    this.#keep(p);
    return true;
  }

  /** The last execution was of this program, and showed the title. */
  #keep(p: Program): void {
    this.best = p;
    const { unreached, unreachedFirst } = this.executor.outcome();
    this.unreached = unreached > 0 ? unreachedFirst : -1;
  }

  #take(p: Program): boolean {
    this.#keep(p);
    this.options.onBetter?.(p);
    return true;
  }

  /** Search for a shorter schedule of the smallest program, if its schedule is long. */
  reschedule(): void {
    for (;;) {
      const steps = stepsOf(this.best).length;
      const tries = steps > LONG ? PATIENT * RESEARCH : RESEARCH;
      if (steps <= SHORT || !this.#search(this.best, tries)) return;
    }
  }

  /** Try other schedules of a program until one makes it smaller than the smallest so far. */
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
 * Find a smaller input that shows the same title. Attempts show which candidates do; the result is
 * confirmed.
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
    passes.endSteps(m);
    m.reschedule();
  }
  if (m.best !== p) {
    load(executor, m.best, spec);
    executor.confirm(formOf(m.best));
  }
  return { program: passes.dropUnusedResults(m.best), execs: m.execs };
}
