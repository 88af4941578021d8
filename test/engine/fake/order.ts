/** In which order points come under a schedule: numeric or symbolic, as on the machine. */
import {
  actionCpu,
  actionOf,
  DEMOTE,
  E_ACTION,
  E_GAP,
  eventAt,
  S_NEVENTS,
  S_ORDER,
  SWITCH,
} from "../../../src/prog/layout.ts";
import type { Step } from "../../../src/prog/types.ts";

/** One point of a program: what a CPU does in an operation. */
export interface Point {
  readonly cpu: number;
  /** Index of the operation in the program. */
  readonly op: number;
  readonly fn: string;
  readonly what: string;
  readonly cell: number;
}

/** The first CPU runs to its end, then the next one; at each event a switch or a demotion. */
export function numericOrder(cpus: Point[][], schedule: Int32Array): Point[] {
  const order = [...schedule.subarray(S_ORDER, S_ORDER + cpus.length)];
  const gap = (e: number) =>
    e < schedule[S_NEVENTS] ? Math.max(1, schedule[eventAt(e) + E_GAP]) : Infinity;
  const first = () => order.find((cpu) => cpus[cpu].length > 0) ?? -1;
  const passed: Point[] = [];
  let event = 0;
  let due = gap(event);
  for (let cpu = first(); cpu >= 0; cpu = cpus[cpu].length > 0 ? cpu : first()) {
    for (; passed.length + 1 >= due; due += gap(++event)) {
      const action = schedule[eventAt(event) + E_ACTION];
      if (actionOf(action) === SWITCH) {
        if (cpus[actionCpu(action)]?.length > 0) cpu = actionCpu(action);
      } else if (actionOf(action) === DEMOTE) {
        order.push(...order.splice(order.indexOf(cpu), 1));
        cpu = first();
      }
    }
    passed.push(cpus[cpu].shift()!);
  }
  return passed;
}

/** How often a CPU is about to pass a point like `p`, from the beginning of its program on. */
function occurrences(passed: readonly Point[], p: Point): number {
  return 1 + passed.filter((q) => q.cpu === p.cpu && q.fn === p.fn && q.what === p.what).length;
}

/** Step by step; also which steps' points were never reached. */
export function symbolicOrder(
  cpus: Point[][],
  steps: readonly Step[],
): { passed: Point[]; unreached: number[] } {
  const passed: Point[] = [];
  const unreached: number[] = [];
  steps.forEach((s, i) => {
    const points = cpus[s.cpu] ?? [];
    const isReached = ([p]: Point[]) =>
      s.kind === "until" && p.fn === s.until.fn && p.what === (s.until.what ?? "begin") &&
      occurrences(passed, p) >= s.until.nth;
    while (points.length > 0 && !isReached(points)) passed.push(points.shift()!);
    if (s.kind === "until" && points.length === 0) unreached.push(i);
  });
  return { passed: [...passed, ...cpus.flat()], unreached };
}

/** Steps that give this order. */
export function stepsOf(passed: readonly Point[]): Step[] {
  return passed.flatMap((p, i): Step[] => {
    if (passed[i + 1]?.cpu === p.cpu) return [];
    const next = passed.findIndex((q, k) => k > i && q.cpu === p.cpu);
    if (next < 0) return [{ cpu: p.cpu, kind: "end", comments: [] }];
    const { fn, what } = passed[next];
    const nth = occurrences(passed.slice(0, next), passed[next]);
    return [{ cpu: p.cpu, kind: "until", until: { fn, what, nth }, comments: [] }];
  });
}
