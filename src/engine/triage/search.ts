/**
 * Searches for a title that free-running CPUs have shown: the program is known, the interleaving is
 * not.
 *
 * @module
 */
import { type Executor, NUMERIC, ONCE } from "../../machine/executor.ts";
import { titleOf } from "../inputs/input.ts";
import type { Rng } from "../programs/rng.ts";
import { PLAIN } from "../strategies/all.ts";
import { packProgram } from "../../prog/pack.ts";
import { BOOT, limitsOf, type Operation, type Program, type TargetSpec } from "../../prog/types.ts";

/** Maximum of schedules. */
export const SEARCH_BUDGET = 20_000;
/** Maximum of repetitions of the operations, a power of two. */
const REPEATED_MAX = 4;
/** Number of points over which a schedule is spread: before the first execution, and minimum. */
const POINTS_GUESS = 400;
const POINTS_MIN = 16;

/**
 * The program with the operations of its CPUs repeated, because free-running CPUs repeat theirs.
 */
function repeated(p: Program, times: number, most: number): Program {
  const boot = p.ops.filter((o) => o.cpu === BOOT);
  const once = p.ops.filter((o) => o.cpu !== BOOT);
  const ops: Operation[] = [...boot];
  for (let i = 0; i < times && ops.length + once.length <= most; i++) {
    // A name can be given only once. The target drops the results of the repetitions at the end.
    ops.push(...once.map((o) => i === 0 ? o : { ...o, result: undefined }));
  }
  return { ...p, ops };
}

/**
 * Try schedules of some strategies in turn until the program shows the title, at most {@linkcode
 * SEARCH_BUDGET}. Returns the number of schedules; the executor then holds the input. Returns 0 if
 * none shows the title.
 */
export function search(
  executor: Executor,
  p: Program,
  title: string,
  spec: TargetSpec,
  rng: Rng,
  stop: () => boolean,
): number {
  const interrupts = p.ops.filter((o) => o.context !== "task").length;
  let points = POINTS_GUESS;
  const most = limitsOf(spec).ops;
  for (let i = 1; i <= SEARCH_BUDGET && !stop(); i++) {
    packProgram(repeated(p, 1 + (i & (REPEATED_MAX - 1)), most), spec, executor.program);
    const strategy = PLAIN[i % PLAIN.length];
    const situation = { cpus: p.cpus, points, interrupts, preemptible: p.preempt !== "none" };
    strategy.schedule(executor.schedule, situation, rng);
    executor.execute(NUMERIC, ONCE);
    points = Math.max(POINTS_MIN, executor.scheduledPoints);
    if (titleOf(executor) === title) return i;
  }
  return 0;
}
