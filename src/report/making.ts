/**
 * The accesses that make a finding: the few points of a recorded execution without which it cannot
 * be understood. Diagrams never leave them out, short reports consist of them, and two findings that
 * they make alike are the same bug.
 *
 * {@linkcode making} returns them in the order of the execution, each once, with
 *
 * - `index`: its place in the trace;
 * - `cpu`, `context`, `op`: who made it, and in which operation of the program (-1 if in none);
 * - `fn`: the innermost function;
 * - `kind`: what it did to its cell;
 * - `object` (`obj_cgroup#2`), `struct` (`obj_cgroup`), `field`, `value`: the cell, as the trace has
 *   it;
 * - `why`: `finding` for the access at which the finding was made; `conflict` for accesses of
 *   several threads to one cell that the schedule put between each other; `value` for writes to the
 *   cells that a law adds up; `object` for other accesses that left the object as it was found.
 *
 * conflicts.ts says what a conflict is.
 *
 * @module
 */
import { type Access, accessesOf } from "./accesses.ts";
import { doesRead, doesWrite } from "./access_kind.ts";
import { conflictsOf, isSameCell } from "./conflicts.ts";
import type { Finding, TraceInput } from "./types.ts";

/** Why an access is one of those that make the finding; the strongest reason first. */
export const REASONS = ["finding", "conflict", "value", "object"] as const;
export type Reason = typeof REASONS[number];

/** One of the accesses that make a finding. */
export interface MakingAccess extends Omit<Access, "thread"> {
  readonly why: Reason;
}

/** Takes an access, with a reason. */
type Take = (access: Access, why: Reason) => void;

/** The access at which the finding was made; none if it was made when no CPU ran. */
function accessAt(finding: Finding, accesses: readonly Access[]): Access | undefined {
  if (finding.when !== undefined && !["boot", "run"].includes(finding.when)) return undefined;
  const { context, cpu, stack } = finding.at;
  if (stack.length === 0) return undefined;
  return accesses.findLast((a) => a.cpu === cpu && a.context === context);
}

/** A cell, or with a null field all cells of an object. */
type Cell = NonNullable<Finding["cells"]>[number];

/** The cells that the finding is about. */
function cellsOf(finding: Finding, at: Access | undefined): Cell[] {
  const { access, cells = [] } = finding;
  const named = access === undefined || access.object === null
    ? at
    : { object: access.object, field: access.field };
  return [...cells, ...(named === undefined ? [] : [named])];
}

/** Whether an access is to one of the cells. */
function isAbout(a: Access, cells: readonly Cell[]): boolean {
  return cells.some(({ object, field }) => a.object === object && (field ?? a.field) === a.field);
}

/** What left the object of the access `at` as it was found there. */
function takeHistory(at: Access, accesses: readonly Access[], take: Take): void {
  const earlier = accesses.filter(({ index }) => index < at.index);
  const changes = earlier.filter((a) =>
    isSameCell(a, at) && (doesWrite(a.kind) || (a.kind === "lock" && at.kind === "lock"))
  );
  const last = changes.at(-1);
  const foreign = changes.findLast(({ thread }) => thread !== at.thread);
  const pointer = earlier.findLast((a) =>
    a.thread === at.thread && doesRead(a.kind) && a.value === at.object
  );
  for (const a of [last, foreign, pointer]) if (a !== undefined) take(a, "object");
}

/**
 * Writes to a cell that a law adds up. Of an object as a whole: what stored a pointer to it, and what
 * changed it last.
 */
function takeValues(cell: Cell, accesses: readonly Access[], take: Take): void {
  const writes = accesses.filter((a) => doesWrite(a.kind));
  const own = writes.filter((a) => isAbout(a, [cell]));
  const stored = cell.field !== null ? [] : writes.filter(({ value }) => value === cell.object);
  for (const a of cell.field !== null ? own : [...stored, ...own.slice(-1)]) take(a, "value");
}

/** The accesses that make the finding, in the order of the execution; without one, all conflicts. */
export function making({ finding, trace }: Pick<TraceInput, "finding" | "trace">): MakingAccess[] {
  const accesses = accessesOf(trace);
  const taken = new Map<number, MakingAccess>();
  const take: Take = ({ thread: _, ...access }, why) => {
    const before = taken.get(access.index);
    if (before !== undefined && REASONS.indexOf(before.why) <= REASONS.indexOf(why)) return;
    taken.set(access.index, { ...access, why });
  };
  const conflicts = conflictsOf(trace, accesses);
  const at = finding === null ? undefined : accessAt(finding, accesses);
  const cells = finding === null ? [] : cellsOf(finding, at);
  if (at !== undefined) {
    take(at, "finding");
    takeHistory(at, accesses, take);
  }
  for (const cell of finding?.cells ?? []) {
    // The access itself found it wrong: what left the cell so is its history.
    if (at === undefined || !isAbout(at, [cell])) takeValues(cell, accesses, take);
  }
  // Conflicts elsewhere count only if there are none where the finding is.
  const near = conflicts.filter(({ thread, group }) =>
    thread === at?.thread || group.some((a) => isAbout(a, cells))
  );
  for (const { group } of near.length > 0 ? near : conflicts) {
    for (const a of group) take(a, "conflict");
  }
  return [...taken.values()].sort((a, b) => a.index - b.index);
}

/**
 * The accesses as lines in which nothing varies from one execution of the bug to another: threads
 * are numbered by first appearance, objects are left out. Findings with equal lines are made alike.
 */
export function ordering(accesses: readonly MakingAccess[]): string[] {
  const threads: string[] = [];
  return accesses.map(({ context, cpu, field, fn, kind, op, struct }) => {
    const thread = `${cpu} ${context} ${op}`;
    if (!threads.includes(thread)) threads.push(thread);
    return `${context} ${threads.indexOf(thread)}: ${fn}: ${kind} ${struct}.${field}`;
  });
}
