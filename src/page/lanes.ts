/**
 * What the timeline draws: runs of threads, bands of what a CPU held, grace periods, switches.
 *
 * Places are numbers of points. A range has its first and its last point.
 *
 * @module
 */
import { operationOf } from "../report/operations.ts";
import type { PageData, PagePoint } from "./data.ts";

/** Rows of a lane: what interrupts lies above what is interrupted. */
export const LEVELS = ["task", "kworker", "softirq", "hardirq", "nmi"] as const;
export type Level = typeof LEVELS[number];

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** An operation, a handler or a work item, and the parts in which it ran. */
export interface Thread extends Range {
  readonly cpu: number;
  readonly level: Level;
  readonly label: string;
  readonly runs: readonly Range[];
}

/** What a CPU held, or had switched off. */
export interface Band extends Range {
  readonly cpu: number;
  readonly kind: "irq" | "rcu" | "lock";
  readonly label: string;
}

/** From the request of a callback or a wait to its end. */
export interface GracePeriod extends Range {
  readonly label: string;
}

/** Another CPU went on. */
export interface Switch {
  /** The first point of that CPU. */
  readonly at: number;
  readonly to: number;
  readonly reason: string;
}

/** The row of a point in its lane. */
export function levelOf({ context, stack }: PagePoint): Level {
  if (context === "task" && stack[0] === "process_one_work") return "kworker";
  return LEVELS.includes(context as Level) ? context as Level : "task";
}

const KWORKER = "process_one_work";

/** What a point belongs to: the operation, or the function between operations. */
export function labelOf(p: PagePoint, ops: readonly string[]): string {
  const [outermost = "idle", called] = p.stack;
  if (levelOf(p) === "task" && p.op >= 0) return operationOf(ops, p.op)?.text ?? outermost;
  return outermost === KWORKER ? called ?? outermost : outermost;
}

const keyOf = (p: PagePoint) => `${p.cpu} ${levelOf(p)} ${p.op} ${p.stack[0] ?? ""}`;

/** All threads, by their first point. */
export function threadsOf({ ops, points }: Pick<PageData, "ops" | "points">): Thread[] {
  const threads: {
    -readonly [K in keyof Thread]: Thread[K] extends readonly Range[]
      ? { from: number; to: number }[]
      : Thread[K];
  }[] = [];
  const open = new Map<string, typeof threads[number]>();
  points.forEach((p, i) => {
    const key = levelOf(p) === "task" ? `${p.cpu} ${p.op}` : keyOf(p);
    let thread = open.get(key);
    if (thread === undefined) {
      const label = labelOf(p, ops);
      thread = { cpu: p.cpu, level: levelOf(p), label, from: i, to: i, runs: [] };
      // A handler that runs again is another one.
      for (const [other, { cpu, level }] of open) {
        if (cpu === p.cpu && level === thread.level) open.delete(other);
      }
      open.set(key, thread);
      threads.push(thread);
    }
    // A lower row that goes on ends the handlers above it.
    for (const [other, { cpu, level }] of open) {
      if (cpu === p.cpu && LEVELS.indexOf(level) > LEVELS.indexOf(thread.level)) open.delete(other);
    }
    // A kworker is called by the work that it does, as soon as it does some.
    if (thread.label === KWORKER) thread.label = labelOf(p, ops);
    const run = thread.runs.at(-1);
    if (run !== undefined && run.to === i - 1) run.to = i;
    else thread.runs.push({ from: i, to: i });
    thread.to = i;
  });
  return threads;
}

/** The points of each CPU, in order. */
function byCpu(points: readonly PagePoint[]): number[][] {
  const found: number[][] = [];
  points.forEach(({ cpu }, i) => (found[cpu] ??= []).push(i));
  return Array.from(found, (list) => list ?? []);
}

/** Ranges in which something was so: from the point that made it so to the last one at which it was. */
function rangesOf(own: readonly number[], is: (i: number) => boolean): Range[] {
  const ranges: Range[] = [];
  for (let k = 0; k < own.length; k++) {
    if (!is(own[k])) continue;
    const from = own[Math.max(0, k - 1)];
    while (k + 1 < own.length && is(own[k + 1])) k++;
    ranges.push({ from, to: own[k] });
  }
  return ranges;
}

/** Interrupts off, RCU sections and locks. */
export function bandsOf(points: readonly PagePoint[]): Band[] {
  return byCpu(points).flatMap((own, cpu) => {
    const band = (kind: Band["kind"], label: string, is: (p: PagePoint) => boolean) =>
      rangesOf(own, (i) => is(points[i])).map((range): Band => ({ ...range, cpu, kind, label }));
    const locks = [...new Set(own.flatMap((i) => points[i].locks))];
    return [
      ...band("irq", "interrupts off", ({ irqOff }) => irqOff),
      ...band("rcu", "RCU read-side section", ({ inRcu }) => inRcu),
      ...locks.flatMap((lock) => band("lock", lock, (p) => p.locks.includes(lock))),
    ];
  });
}

/** Grace periods that callbacks waited for, and those that CPUs waited for. */
export function gracePeriodsOf(points: readonly PagePoint[]): GracePeriod[] {
  const found: GracePeriod[] = [];
  const waiting: { from: number; object: string; fn: string }[] = [];
  points.forEach((p, i) => {
    if (p.what === "call_rcu") waiting.push({ from: i, object: p.object ?? "", fn: "" });
    // The function is stored in the head that was just queued.
    if (p.what === "store" && p.field?.endsWith("func")) {
      const last = waiting.findLast(({ fn, object }) => fn === "" && object === p.object);
      if (last !== undefined) last.fn = p.value ?? "";
    }
    if (p.context === "softirq") {
      const due = waiting.findIndex(({ fn }) => fn !== "" && fn === p.stack[0]);
      if (due >= 0) {
        const [{ fn, from }] = waiting.splice(due, 1);
        found.push({ from, to: i, label: fn });
      }
    }
    if (p.what !== "synchronize_rcu") return;
    const next = points.findIndex((q, k) => k > i && q.cpu === p.cpu && q.context === p.context);
    found.push({ from: i, to: next < 0 ? points.length - 1 : next, label: p.what });
  });
  const open = waiting.map(({ fn, from }) => ({
    from,
    to: points.length - 1,
    label: `${fn === "" ? "kfree_rcu" : fn}, not over`,
  }));
  return [...found, ...open].sort((a, b) => a.from - b.from);
}

/** Every switch to another CPU. */
export function switchesOf(points: readonly PagePoint[]): Switch[] {
  return points.flatMap((p, at) => {
    if (at === 0 || points[at - 1].cpu === p.cpu) return [];
    return [{ at, to: p.cpu, reason: p.switchReason ?? "schedule" }];
  });
}
