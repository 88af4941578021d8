/**
 * Minimising an input: fewer CPUs, operations, switches, simpler arguments, same title.
 *
 * Passes over one predicate, repeated until nothing changes or the budget, counted in executions, is
 * used up. A smaller input is one that comes first in the total order of {@linkcode size}, so that
 * two people's minimised inputs agree. Removing an operation keeps the symbolic schedule, which
 * survives it; if the bug is then gone, a few schedules are searched anew.
 *
 * @module
 */
import * as arena from "../../machine/words/arena.ts";
import { ctl } from "../../machine/words/arena.ts";
import * as C from "../../machine/words/control.ts";
import { Rng } from "../programs/rng.ts";
import { run, runOps, withRecordedSchedule } from "../inputs/input.ts";
import { lastMeetings } from "../strategies/meetings.ts";
import { directed } from "../strategies/directed.ts";
import { unpackNumeric } from "../../prog/pack.ts";
import * as layout from "../../prog/layout.ts";
import {
  BOOT,
  type Operation,
  type Program,
  type Step,
  type TargetSpec,
} from "../../prog/types.ts";

const { FEATURES } = arena;
const { SCHEDULED } = C;
const { SCHEDULE_WORDS } = layout;

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
/** What an injected failure or a handler adds to the size of arguments, which is in bits. */
const SPECIAL_SIZE = 4;
/** Sizes of arguments are compared in so many parts of a bit. */
const SIZE_PARTS = 16;

function stepsOf(p: Program): Step[] {
  return p.schedule?.kind === "symbolic" ? p.schedule.steps : [];
}

/** What is compared, most important first. */
export function size(p: Program): number[] {
  const steps = stepsOf(p);
  let args = 0;
  for (const o of p.ops) {
    for (const a of o.args) if (a.kind === "int") args += Math.log2(Math.abs(a.value) + 1);
    args += SPECIAL_SIZE * (o.fail.length + (o.context === "task" ? 0 : 1));
  }
  return [p.cpus, runOps(p), steps.length, p.ops.length, Math.round(args * SIZE_PARTS)];
}

function smaller(a: Program, b: Program): boolean {
  const x = size(a);
  const y = size(b);
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return x[i] < y[i];
  return false;
}

class Minimizer {
  execs = 0;
  readonly #tried = new Set<string>();
  readonly #rng: Rng;
  readonly #changed = new Uint32Array(FEATURES);
  /** Points of the last execution: how far a schedule reaches. */
  #points = POINTS_GUESS;

  constructor(
    public best: Program,
    readonly title: string,
    readonly spec: TargetSpec,
    readonly options: MinimizeOptions,
  ) {
    this.#rng = new Rng(best.ops.length * 65537 + best.cpus);
  }

  exhausted(): boolean {
    return this.execs >= this.options.budget || (this.options.stop?.() ?? false);
  }

  #shows(p: Program): boolean {
    this.execs++;
    if (this.execs % PROGRESS_EVERY === 0) this.options.onProgress?.(this.execs, this.best);
    const { title } = run(p, this.spec);
    this.#points = Math.max(POINTS_MIN, ctl[SCHEDULED]);
    return title === this.title;
  }

  /** Take a candidate if it is smaller and shows the same title. */
  accept(p: Program, research = false): boolean {
    if (this.exhausted() || !smaller(p, this.best)) return false;
    const key = JSON.stringify([p.cpus, p.ops, p.schedule]);
    if (this.#tried.has(key)) return false;
    this.#tried.add(key);
    if (this.#shows(p)) return this.#take(p);
    return research && this.#research(p);
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
      if (steps <= SHORT || !this.#research(this.best, tries)) return;
    }
  }

  #research(p: Program, tries = RESEARCH): boolean {
    if (p.cpus === 1 && p.ops.every((o) => o.context === "task")) return false; // one schedule only
    const words = new Int32Array(SCHEDULE_WORDS);
    const points = this.#points;
    const interrupts = p.ops.filter((o) => o.context !== "task").length;
    for (let i = 0; i < tries && !this.exhausted(); i++) {
      const meetings = lastMeetings(this.#changed, i > 0);
      directed.schedule(words, { cpus: p.cpus, points, interrupts, meetings }, this.#rng);
      const numeric = { ...p, schedule: unpackNumeric(words, p.cpus) };
      if (!this.#shows(numeric)) continue;
      this.execs += 2;
      run(numeric, this.spec, true);
      const symbolic = withRecordedSchedule(p);
      if (smaller(symbolic, this.best) && this.#shows(symbolic)) return this.#take(symbolic);
    }
    return false;
  }
}

/** A program without some of its operations, and without those that need their results. */
function without(p: Program, drop: ReadonlySet<number>): Program {
  const gone = new Set<string>();
  const ops: Operation[] = [];
  p.ops.forEach((o, i) => {
    const needs = o.args.some((a) => a.kind === "ref" && gone.has(a.name));
    if (drop.has(i) || needs) {
      if (o.result !== undefined) gone.add(o.result);
    } else ops.push(o);
  });
  return { ...p, ops };
}

function dropOperations(m: Minimizer): void {
  for (let chunk = Math.max(1, m.best.ops.length >> 1); chunk >= 1; chunk >>= 1) {
    for (let end = m.best.ops.length; end > 0; end -= chunk) {
      const drop = new Set<number>();
      for (let i = Math.max(0, end - chunk); i < end; i++) drop.add(i);
      m.accept(without(m.best, drop), chunk === 1);
    }
  }
}

/** CPUs without operations go, and the others close up. */
function dropCpus(m: Minimizer): void {
  for (let c = m.best.cpus - 1; c >= 0; c--) {
    const p = m.best;
    if (p.cpus === 1) return;
    const used = p.ops.some((o) =>
      o.cpu === c || o.args.some((a) => a.kind === "cpu" && a.cpu === c)
    );
    if (used) continue;
    const map = (n: number) => n > c ? n - 1 : n;
    m.accept({
      ...p,
      cpus: p.cpus - 1,
      ops: p.ops.map((o) => ({
        ...o,
        cpu: map(o.cpu),
        args: o.args.map((a) => a.kind === "cpu" ? { ...a, cpu: map(a.cpu) } : a),
      })),
      schedule: p.schedule?.kind !== "symbolic" ? p.schedule : {
        kind: "symbolic",
        steps: p.schedule.steps.filter((s) => s.cpu !== c).map((s) => ({ ...s, cpu: map(s.cpu) })),
      },
    }, true);
  }
}

/** All operations of one CPU to another, and operations of a CPU to before the schedule. */
function moveOperations(m: Minimizer): void {
  for (let i = 0; i < m.best.ops.length; i++) {
    const p = m.best;
    const o = p.ops[i];
    const where = m.spec.ops.find((s) => s.name === o.name)?.where ?? "any";
    if (o.cpu === BOOT || where === "run" || o.context !== "task") continue;
    const boot = p.ops.filter((q) => q.cpu === BOOT);
    const known = new Set([...boot.map((q) => q.result), ...m.spec.predefined.map((d) => d.name)]);
    if (o.args.some((a) => a.kind === "ref" && !known.has(a.name))) continue;
    const rest = p.ops.filter((q) => q.cpu !== BOOT && q !== o);
    m.accept({ ...p, ops: [...boot, { ...o, cpu: BOOT }, ...rest] }, true);
  }
}

function withSteps(p: Program, steps: Step[]): Program {
  return { ...p, schedule: { kind: "symbolic", steps } };
}

/** Neighbouring steps of one CPU that both end in "end", or the first in nothing, become one. */
function dropSteps(m: Minimizer): void {
  for (let i = stepsOf(m.best).length - 1; i >= 0; i--) {
    const steps = stepsOf(m.best);
    if (i >= steps.length) continue;
    const rest = steps.filter((_, k) => k !== i);
    if (m.accept(withSteps(m.best, rest))) continue;
    const merged = rest.filter((s, k) =>
      k === 0 || s.cpu !== rest[k - 1].cpu || rest[k - 1].kind !== "end"
    );
    m.accept(withSteps(m.best, merged));
  }
}

/** "until F: what" where "until F" or the first occurrence will do. */
function simplifySteps(m: Minimizer): void {
  for (let i = 0; i < stepsOf(m.best).length; i++) {
    const s = stepsOf(m.best)[i];
    if (s.kind !== "until" || s.until.nth === 1) continue;
    for (const nth of [1, 2]) {
      const steps = [...stepsOf(m.best)];
      steps[i] = { ...s, until: { ...s.until, nth } };
      const p = withSteps(m.best, steps);
      if (nth < s.until.nth && m.exhausted() === false) {
        m.execs++;
        if (run(p, m.spec).title === m.title) {
          m.best = p;
          break;
        }
      }
    }
  }
}

function simplifyArguments(m: Minimizer): void {
  for (let i = 0; i < m.best.ops.length; i++) {
    const change = (f: (o: Operation) => Operation) => {
      const ops = [...m.best.ops];
      ops[i] = f(ops[i]);
      return m.accept({ ...m.best, ops });
    };
    if (m.best.ops[i].context !== "task") change((o) => ({ ...o, context: "task" }));
    if (m.best.ops[i].fail.length > 0) change((o) => ({ ...o, fail: [] }));
    m.best.ops[i].args.forEach((a, k) => {
      if (a.kind !== "int") return;
      const spec = m.spec.ops.find((s) => s.name === m.best.ops[i].name)!.args[k];
      const values = spec.type === "int" ? [spec.min, ...spec.interesting] : [];
      for (const v of [...values].sort((x, y) => x - y)) {
        if (v >= a.value) break;
        const set = (o: Operation) => ({
          ...o,
          args: o.args.map((b, j) => j === k ? { kind: "int" as const, value: v } : b),
        });
        if (change(set)) break;
      }
    });
  }
}

/**
 * The smallest input found that shows the same title.
 *
 * @param p a program with a symbolic schedule under which it shows `title`.
 */
export function minimize(
  p: Program,
  title: string,
  spec: TargetSpec,
  options: MinimizeOptions,
): { program: Program; execs: number } {
  const m = new Minimizer(p, title, spec, options);
  for (let before = null as Program | null; before !== m.best && !m.exhausted();) {
    before = m.best;
    dropOperations(m);
    dropSteps(m);
    moveOperations(m);
    dropCpus(m);
    simplifyArguments(m);
    dropSteps(m);
    simplifySteps(m);
    m.reschedule();
  }
  return { program: dropUnusedResults(m.best), execs: m.execs };
}

/** Names that nothing refers to are left out. */
function dropUnusedResults(p: Program): Program {
  const used = new Set(p.ops.flatMap((o) => o.args.map((a) => a.kind === "ref" ? a.name : "")));
  return {
    ...p,
    ops: p.ops.map((o) => {
      if (o.result === undefined || used.has(o.result)) return o;
      const { result: _, ...rest } = o;
      return rest;
    }),
  };
}
