/**
 * The passes of the minimiser. Each pass makes candidates that are smaller in one way.
 *
 * @module
 */
import {
  type Arg,
  type ArgSpec,
  BOOT,
  type Operation,
  type Program,
  type Step,
  type TargetSpec,
} from "../../prog/types.ts";
import { stepsOf } from "./size.ts";

/** The program that is minimised, as a pass sees it. */
export interface Shrinking {
  /** The smallest program so far. */
  readonly best: Program;
  readonly spec: TargetSpec;
  /** The first step of its schedule whose point does not come; -1 if there is none. */
  readonly unreached: number;
  /** Whether the budget is used up. */
  exhausted(): boolean;
  /**
   * Take a candidate if it is smaller and shows the same title. With `search`, try other schedules
   * if its own schedule does not show the title.
   */
  accept(candidate: Program, search?: boolean): boolean;
  /** Take a candidate of the same size that is easier to read, if it shows the same title. */
  prefer(candidate: Program): boolean;
}

/** A program without some operations and without the operations that need their results. */
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

export function dropOperations(m: Shrinking): void {
  for (let chunk = Math.max(1, m.best.ops.length >> 1); chunk >= 1; chunk >>= 1) {
    for (let end = m.best.ops.length; end > 0; end -= chunk) {
      const drop = new Set<number>();
      for (let i = Math.max(0, end - chunk); i < end; i++) drop.add(i);
      m.accept(without(m.best, drop), chunk === 1);
    }
  }
}

/** Remove CPUs without operations, and renumber the others. */
export function dropCpus(m: Shrinking): void {
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

/** Turn operations of CPUs into boot operations. */
export function moveOperations(m: Shrinking): void {
  for (let i = 0; i < m.best.ops.length; i++) {
    const p = m.best;
    const o = p.ops[i];
    const where = m.spec.ops.find((s) => s.name === o.name)?.where ?? "any";
    if (o.cpu === BOOT || where === "run" || o.context !== "task") continue;
    const boot = p.ops.filter((q) => q.cpu === BOOT);
    const early = new Set([...boot.map((q) => q.result), ...m.spec.predefined.map((d) => d.name)]);
    if (o.args.some((a) => a.kind === "ref" && !early.has(a.name))) continue;
    const rest = p.ops.filter((q) => q.cpu !== BOOT && q !== o);
    m.accept({ ...p, ops: [...boot, { ...o, cpu: BOOT }, ...rest] }, true);
  }
}

function withSteps(p: Program, steps: Step[]): Program {
  return { ...p, schedule: { kind: "symbolic", steps } };
}

/** Remove steps of the schedule, and merge neighbouring steps of one CPU. */
export function dropSteps(m: Shrinking): void {
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

/** The step with its `nth` occurrence as its end, if that is an earlier one. */
function earlierStep(s: Step, nth: number): Step | null {
  if (s.kind === "until" && nth < s.until.nth) return { ...s, until: { ...s.until, nth } };
  if (s.kind === "after" && nth < s.after.nth) return { ...s, after: { ...s.after, nth } };
  return null;
}

/** Make a step stop at an earlier occurrence of its point, if the title stays. */
export function simplifySteps(m: Shrinking): void {
  for (let i = 0; i < stepsOf(m.best).length; i++) {
    const s = stepsOf(m.best)[i];
    for (const nth of [1, 2]) {
      const earlier = earlierStep(s, nth);
      if (earlier === null) break;
      const steps = [...stepsOf(m.best)];
      steps[i] = earlier;
      if (m.prefer(withSteps(m.best, steps))) break;
    }
  }
}

/**
 * A step whose point does not come any more, because its operation has gone, lets its CPU run as far as
 * it can: let the step say so.
 */
export function endSteps(m: Shrinking): void {
  for (let i = m.unreached; i >= 0; i = m.unreached) {
    const steps = [...stepsOf(m.best)];
    if (steps[i].kind === "end") return;
    steps[i] = { cpu: steps[i].cpu, kind: "end", comments: [] };
    if (!m.prefer(withSteps(m.best, steps))) return;
  }
}

/** What may stand instead of an argument, the simplest first; nothing where it may be left out. */
function simplerArguments(a: Arg, spec: ArgSpec): Arg[][] {
  if (a.kind === "int" && spec.type === "int") {
    return [spec.min, ...spec.interesting].sort((x, y) => x - y).filter((v) => v < a.value)
      .map((value) => [{ kind: "int", value }]);
  }
  if (a.kind !== "flags") return [];
  const fewer = a.words.map((_, i) => a.words.filter((_, j) => j !== i));
  return [
    [],
    ...fewer.filter((words) => words.length > 0).map((words): Arg[] => [{ ...a, words }]),
  ];
}

export function simplifyArguments(m: Shrinking): void {
  for (let i = 0; i < m.best.ops.length; i++) {
    const change = (f: (o: Operation) => Operation) => {
      const ops = [...m.best.ops];
      ops[i] = f(ops[i]);
      return m.accept({ ...m.best, ops });
    };
    if (m.best.ops[i].context !== "task") change((o) => ({ ...o, context: "task" }));
    if (m.best.ops[i].fail.length > 0) change((o) => ({ ...o, fail: [] }));
    m.best.ops[i].args.forEach((a, k) => {
      const spec = m.spec.ops.find((s) => s.name === m.best.ops[i].name)!.args[k];
      for (const simpler of simplerArguments(a, spec)) {
        const set = (b: Arg, j: number) => j === k ? simpler : [b];
        if (change((o) => ({ ...o, args: o.args.flatMap(set) }))) break;
      }
    });
  }
}

/** Remove the names of results that no operation uses. */
export function dropUnusedResults(p: Program): Program {
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
