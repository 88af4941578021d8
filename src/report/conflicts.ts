/**
 * Conflicts: accesses of several threads to one cell that a schedule put between each other.
 *
 * A thread was stopped between two accesses (a, then c), while another thread made an access (b) to
 * the same cell, such that no order of the whole threads explains it: read, write, read; read, write,
 * write; write, write, read; or write, read, write. A pointer that was read at a and followed at c,
 * after b wrote another one, counts as well.
 *
 * @module
 */
import { type Access, threadOf } from "./accesses.ts";
import { doesRead, doesWrite } from "./access_kind.ts";
import type { TracePoint } from "./types.ts";

/** Accesses that belong together, and the thread that was stopped. */
export interface Conflict {
  readonly thread: string;
  readonly group: readonly Access[];
}

/** A thread that was stopped: its accesses before and after, and those of others in between. */
interface Gap {
  readonly thread: string;
  readonly before: readonly Access[];
  readonly between: readonly Access[];
  readonly after: readonly Access[];
}

/** Whether the thread of point `i`, which does not make point `i + 1`, was stopped in the middle. */
function isStopped(trace: readonly TracePoint[], i: number): boolean {
  const next = trace[i + 1];
  if (next.cpu === trace[i].cpu) return true; // an interrupt
  return next.switchReason === "schedule" || next.switchReason === "blocked";
}

/** All gaps of all threads. */
function gapsOf(trace: readonly TracePoint[], accesses: readonly Access[]): Gap[] {
  const gaps: Gap[] = [];
  const last = new Map<string, number>();
  trace.forEach((p, j) => {
    const thread = threadOf(p);
    const i = last.get(thread);
    last.set(thread, j);
    if (i === undefined || i === j - 1 || !isStopped(trace, i)) return;
    const own = accesses.filter((a) => a.thread === thread);
    gaps.push({
      thread,
      before: own.filter(({ index }) => index <= i),
      between: accesses.filter((a) => a.index > i && a.index < j && a.thread !== thread),
      after: own.filter(({ index }) => index >= j),
    });
  });
  return gaps;
}

const isLocking = ({ kind }: Access) => kind === "lock" || kind === "unlock";

/** Whether two accesses are to one cell. A free is an access to all cells of its object. */
export function isSameCell(a: Access, b: Access): boolean {
  return a.object === b.object && (a.field === b.field || a.kind === "free" || b.kind === "free");
}

/** Whether `a` and `c` of one thread, with `b` of another in between, have no order of threads. */
function hasNoOrder(a: Access, b: Access, c: Access): boolean {
  // Counters may be changed in any order.
  if ([a, b, c].every(({ kind }) => kind === "update")) return false;
  if (!doesWrite(b.kind)) return doesWrite(a.kind) && doesWrite(c.kind);
  if (!doesRead(c.kind)) return doesRead(a.kind);
  return a.value !== c.value || doesWrite(c.kind);
}

/** The conflicts of one gap, as groups of accesses that belong together. */
function conflictsAt({ after, before, between }: Gap): Access[][] {
  const found: Access[][] = [];
  const seen = new Set<string>();
  for (const a of before.toReversed()) {
    const cell = `${a.object}.${a.field}`;
    if (isLocking(a) || seen.has(cell)) continue;
    seen.add(cell);
    const others = between.filter((b) => !isLocking(b) && isSameCell(a, b));
    const b = others.findLast(({ kind }) => doesWrite(kind)) ?? others[0];
    if (b === undefined) continue;
    const c = after.find((x) => isSameCell(a, x));
    if (c !== undefined && hasNoOrder(a, b, c)) found.push([a, b, c]);
    const followed = after.find(({ object }) => doesRead(a.kind) && object === a.value);
    if (followed !== undefined && doesWrite(b.kind)) found.push([a, b, followed]);
  }
  return found;
}

/** The conflicts of an execution, in the order in which the threads went on. */
export function conflictsOf(trace: readonly TracePoint[], accesses: readonly Access[]): Conflict[] {
  return gapsOf(trace, accesses).flatMap((gap) =>
    conflictsAt(gap).map((group) => ({ thread: gap.thread, group }))
  );
}
