/**
 * The executor whose CPUs are fibers where they can be, and Workers otherwise.
 *
 * Each execution is first tried in one thread (fibers/nested.ts). If one stack is not enough for it, or
 * if it shows something, it is taken back, and Workers run it as if nothing had run before. So what a
 * campaign learns, keeps and reports is what it would be with Workers alone, and every execution that
 * both complete is a comparison of the two. Only an attempt, as minimizing makes many, ends with what
 * fibers show; what comes of it is confirmed.
 *
 * @module
 */
import * as oopsWords from "./layout/oops.ts";
import * as pointWords from "./layout/points.ts";
import * as scheduleWords from "./layout/schedule.ts";
import { views } from "./words/arena.ts";
import * as layout from "../prog/layout.ts";
import { execute } from "./execution.ts";
import { Divergence, type Form, NUMERIC, ONCE, type Repetition } from "./executor.ts";
import { OOPS_EXCEPTION, OOPS_MISTAKE } from "./findings/oops.ts";
import { differences, foundTitle, summary } from "./fibers/comparison.ts";
import { hasGivenUp, runNested } from "./fibers/nested.ts";
import { kindOf, Prospects, SYMBOLIC_KIND } from "./fibers/prospects.ts";
import { closeLog, openLog, takeBack } from "./memory/coverage.ts";
import { type Judges, Workers } from "./workers.ts";
import type { TracePoint } from "../report/types.ts";

const { ctl, hot, prog, sched } = views();
const { OOPS_KIND } = oopsWords;
const { NOVEL } = pointWords;
const { MODE_NUMERIC, MODE_SYMBOLIC } = scheduleWords;
const { P_CPUS } = layout;

/** Points before the first difference that a message shows. */
const CONTEXT = 4;

function pointText(p: TracePoint | undefined): string {
  if (p === undefined) return "end";
  const cell = p.object === null ? "" : ` ${p.object}.${p.field} = ${p.value}`;
  return `CPU${p.cpu} ${p.context} ${p.stack.join(" > ")}: ${p.what}${cell}`;
}

/** Two traces from a little before their first difference up to it. */
function firstDifference(fibers: readonly TracePoint[], workers: readonly TracePoint[]): string[] {
  const texts = [fibers, workers].map((points) => points.map(pointText));
  let i = 0;
  while (i < texts[0].length && texts[0][i] === texts[1][i]) i++;
  return ["Fibers", "Workers"].flatMap((who, t) => [
    `${who}, from point ${Math.max(0, i - CONTEXT)}:`,
    ...[...texts[t], "end"].slice(Math.max(0, i - CONTEXT), i + 1).map((text) => `  ${text}`),
  ]);
}

/** Whether the finding of the last execution is an exception: where a stack ends decides about it. */
function isException(): boolean {
  return ctl[OOPS_KIND] === OOPS_EXCEPTION || ctl[OOPS_KIND] === OOPS_MISTAKE;
}

/** Run an execution in this thread. */
function runFibers(form: Form, repetition: Repetition): void {
  execute(form === NUMERIC ? MODE_NUMERIC : MODE_SYMBOLIC, false, repetition, runNested);
}

export class Scout extends Workers {
  /** Number of executions whose result is that of fibers, and of executions by Workers. */
  readonly ran = { fibers: 0, workers: 0 };
  readonly #prospects = new Prospects();
  readonly #ignored = new Set<string>();
  readonly #judged: "all" | "findings";
  #reproduces = false;
  /** One function for all executions, because the loop allocates nothing. */
  readonly #judge = () => this.#isNews();

  /** Workers judge `all` that is new, or only `findings`. */
  constructor(judges: Judges, judged: "all" | "findings") {
    super(judges);
    this.#judged = judged;
  }

  override expect(titles: readonly string[] | null): void {
    this.#reproduces = titles !== null;
    super.expect(titles);
  }

  override ignore(title: string): void {
    this.#ignored.add(title);
    super.ignore(title);
  }

  override execute(form: Form, repetition: Repetition): void {
    this.#try(form, repetition, this.#judge);
  }

  /** Findings of fibers count. */
  override attempt(form: Form): void {
    this.#try(form, ONCE, isException);
  }

  override confirm(form: Form): void {
    if (prog[P_CPUS] === 1) return; // fibers did not run it
    openLog();
    runFibers(form, ONCE);
    const before = hasGivenUp() ? null : summary();
    takeBack();
    openLog();
    this.ran.workers++;
    super.execute(form, ONCE);
    takeBack();
    this.#compare(before, form);
  }

  /** Let fibers run an execution; if they cannot, or if it is `unsure` what they saw, Workers run it. */
  #try(form: Form, repetition: Repetition, unsure: () => boolean): void {
    const kind = form === NUMERIC ? kindOf(sched) : SYMBOLIC_KIND;
    if (prog[P_CPUS] === 1 || !this.#prospects.areGood(kind)) {
      this.ran.workers++;
      super.execute(form, repetition);
      return;
    }
    openLog();
    runFibers(form, repetition);
    const twice = hasGivenUp() || unsure();
    this.#prospects.note(kind, twice);
    if (twice) this.#again(form, repetition);
    else {
      this.ran.fibers++;
      closeLog();
      this.takeWalk(form);
    }
  }

  /** Record the last input as fibers run it; false if they cannot. What was seen is taken back. */
  recordFibers(form: Form): boolean {
    openLog();
    execute(form === NUMERIC ? MODE_NUMERIC : MODE_SYMBOLIC, true, ONCE, runNested);
    takeBack();
    return !hasGivenUp();
  }

  /** Whether the last execution showed something that Workers judge. */
  #isNews(): boolean {
    if (ctl[OOPS_KIND] !== 0) return this.#reproduces || !this.#ignored.has(foundTitle()!);
    return this.#judged === "all" && hot[NOVEL] > 0;
  }

  /** Take the last execution back and let Workers run it. */
  #again(form: Form, repetition: Repetition): void {
    const before = hasGivenUp() ? null : summary();
    takeBack();
    this.ran.workers++;
    super.execute(form, repetition);
    this.#compare(before, form);
  }

  /** Compare the last execution, by Workers, with what fibers came to before; null if to nothing. */
  #compare(before: readonly string[] | null, form: Form): void {
    if (before === null || isException()) return;
    const unequal = differences(before, summary());
    if (unequal.length > 0) throw this.#divergence(form, unequal);
  }

  #divergence(form: Form, unequal: string[]): Divergence {
    const has = this.recordFibers(form);
    const fibers = { hash: this.outcome().traceHash, points: this.recording.points() };
    this.record(form);
    const workers = { hash: this.outcome().traceHash, points: this.recording.points() };
    return new Divergence([
      "Fibers and Workers differ.",
      ...unequal,
      `Trace of the fibers: ${has ? fibers.hash : "incomplete"}; of the Workers: ${workers.hash}`,
      ...firstDifference(fibers.points, workers.points),
    ].join("\n"));
  }
}
