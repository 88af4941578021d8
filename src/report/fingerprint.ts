/**
 * What a bug is known by, besides its title: two findings with one title and one fingerprint are the
 * same bug.
 *
 * A fingerprint is made from a whole recording of a minimised input, with boot and teardown, since an
 * access that makes the finding may lie there. It consists of the access at which the finding was
 * made, and of the histories of the cells that led there: who wrote each of them, in order, and when
 * the thread of the finding read it. An update that was computed from a value that another thread had
 * changed by then has that read, too. If the finding is no error of memory, the history also has the
 * reads of others that went on with the pointer they read. These cells are
 *
 * - the one that the finding is about, unless it is a counter, which may be changed in any order;
 * - the pointer through which the object of the finding was reached;
 * - the pointers to an object that leaked, or was freed too early, at the end of the execution.
 *
 * If there is none of them, these are the ones that threads conflict about ({@linkcode making}); of a law
 * about one counter, it is who changed that last.
 *
 * For an order of locks it is who takes them in each order. For a local variable that was never written it
 * is the last access before.
 *
 * Nothing in it varies from one execution of a bug to another: objects have no numbers, functions are
 * those that a title names, a function that does one thing several times in a row does it once, and of the
 * reads of a thread with no write between them the last one counts.
 *
 * @module
 */
import { type Access, accessesOf } from "./accesses.ts";
import { doesRead, doesWrite } from "./access_kind.ts";
import { lockPairs } from "./lock_pairs.ts";
import { making } from "./making.ts";
import type { Finding, TracePoint } from "./types.ts";

/** A finding, and the whole recording of its execution. */
export interface Whole {
  readonly finding: Finding;
  readonly trace: readonly TracePoint[];
}

type Cell = Pick<Access, "object"> & { readonly field: string | null };

const nameOf = ({ field, object }: Cell) => `${object}.${field}`;

/** All accesses, each by the function that a title names. */
function ownedAccesses(trace: readonly TracePoint[]): Access[] {
  return accessesOf(trace).map((a) => ({ ...a, fn: trace[a.index].owner ?? a.fn }));
}

/** The access at which the finding was made; none if a law was judged. */
function accessAt(finding: Finding, all: readonly Access[]): Access | undefined {
  const { context, cpu, stack } = finding.at;
  return stack.length === 0
    ? undefined
    : all.findLast((a) => a.cpu === cpu && a.context === context);
}

/** Whether a thread went on with the object that it read a pointer to. */
function follows(read: Access, all: readonly Access[]): boolean {
  return all.some((a) =>
    a.index > read.index && a.thread === read.thread && a.object === read.value
  );
}

/** Tells the histories of cells. */
interface Teller {
  readonly all: readonly Access[];
  readonly at: Access | undefined;
  /** Whether the reads of other threads than that of `at` count. */
  readonly others: boolean;
}

/**
 * The read from which the last write to a cell was computed, if another thread wrote in between: that
 * write is lost. Else null.
 */
function readOfLostUpdate(own: readonly Access[]): Access | null {
  const last = own.findLastIndex(({ kind }) => doesWrite(kind));
  if (last < 0 || doesRead(own[last].kind)) return null;
  const { thread } = own[last];
  const read = own.slice(0, last).findLastIndex((a) => a.thread === thread);
  if (read < 0 || doesWrite(own[read].kind)) return null;
  const between = own.slice(read, last);
  return between.some((a) => a.thread !== thread && doesWrite(a.kind)) ? own[read] : null;
}

/** The accesses to a cell that its history tells: from the value that was read first, or was left. */
function told(own: readonly Access[], { all, at, others }: Teller): Access[] {
  const stale = readOfLostUpdate(own);
  const isTold = (a: Access) => {
    if (a === stale || a.thread === at?.thread) return true;
    if (!others || !follows(a, all)) return false;
    return !own.some((b) => b.thread === a.thread && doesWrite(b.kind));
  };
  const first = own.findIndex((a) => !doesWrite(a.kind) && isTold(a));
  const before = first < 0 ? own : own.slice(0, first);
  const from = first >= 0 && own[first] === stale
    ? first
    : Math.max(0, before.findLastIndex(({ kind }) => doesWrite(kind)));
  const history = own.slice(from).filter((a) => doesWrite(a.kind) || isTold(a));
  if (others) return history;
  // A value that the thread did not read, because another write follows, makes no difference.
  return history.filter((a, i) => isTold(a) || i === history.length - 1 || isTold(history[i + 1]));
}

/** A history in which a thread that reads a value several times in a row does so the last time only. */
function lastReads(history: readonly Access[]): Access[] {
  return history.filter((a, i) => {
    const next = history[i + 1];
    return next === undefined || next.thread !== a.thread || doesWrite(a.kind) ||
      doesWrite(next.kind);
  });
}

/** The history of a cell, as one line; none if its order says nothing. */
function historyOf(cell: string, teller: Teller): string[] {
  const own = teller.all.filter((a) => nameOf(a) === cell);
  const isCounter = own.filter(({ kind }) => kind === "update").length > own.length / 2 &&
    own.every(({ value, what }) =>
      !what.endsWith("_bit") && (value === null || /^-?\d+$/.test(value))
    );
  if (own.length === 0 || isCounter || own.some(({ kind }) => kind === "lock")) return [];
  const texts = lastReads(told(own, teller)).map(({ fn, kind }) => `${fn} ${kind}`);
  const { field, struct } = own[0];
  return [`${struct}.${field}: ${texts.filter((t, i) => t !== texts[i - 1]).join(", ")}`];
}

/** Who changed a counter last, if a law is about it alone. */
function lastChange({ cells = [] }: Finding, all: readonly Access[]): string[] {
  const [cell, ...others] = cells;
  if (cell === undefined || cell.field === null || others.length > 0) return [];
  const last = all.findLast((a) => nameOf(a) === nameOf(cell) && doesWrite(a.kind));
  return last === undefined ? [] : [`${last.struct}.${last.field}: last ${last.fn} ${last.kind}`];
}

/** The cell whose value led a thread to the object of its access. */
function pointerTo(at: Access, all: readonly Access[]): string[] {
  const read = all.findLast((a) =>
    a.index < at.index && a.thread === at.thread && doesRead(a.kind) && a.value === at.object &&
    a.object !== at.object
  );
  return read === undefined ? [] : [nameOf(read)];
}

/** Cells of other objects that hold a pointer to an object when the execution ends. */
function holdersOf(object: string, all: readonly Access[]): Access[] {
  const last = new Map<string, Access>();
  for (const a of all) if (doesWrite(a.kind)) last.set(nameOf(a), a);
  return [...last.values()].filter((a) =>
    a.value === object && a.object !== object && !last.has(`${a.object}.`)
  );
}

/** Cells about which threads conflict: several of them access each. */
function conflicting({ finding, trace }: Whole): string[] {
  const groups = new Map<string, Set<string>>();
  for (const a of making({ finding, trace })) {
    if (a.why !== "conflict" && a.why !== "finding") continue;
    const threads = groups.get(nameOf(a)) ?? new Set();
    groups.set(nameOf(a), threads.add(`${a.cpu} ${a.context} ${a.op}`));
  }
  return [...groups].filter(([, threads]) => threads.size > 1).map(([cell]) => cell);
}

/** Who wrote to an object. */
function writersOf(object: string, all: readonly Access[]): string {
  const writers = all.filter((a) => a.object === object && doesWrite(a.kind)).map(({ fn }) => fn);
  return `written by: ${[...new Set(writers)].sort().join(", ")}`;
}

/** Lines about an object as a whole: who holds it, as far as the title says, or who wrote to it. */
function aboutObject(object: string, title: string, teller: Teller): string[] {
  const { all } = teller;
  const found = holdersOf(object, all);
  const named = found.filter(({ field, struct }) => title.includes(`${struct}.${field}`));
  const holders = named.length > 0 ? named : found;
  return [
    ...(named.length > 0 ? [] : [writersOf(object, all)]),
    ...holders.flatMap((h) => historyOf(nameOf(h), teller)),
    ...holders.map(({ object, struct }) => {
      const last = all.findLast((a) => a.object === object)!;
      return `last on ${struct}: ${last.fn} ${last.kind} ${last.field}`;
    }),
  ];
}

/** The lines of a fingerprint, sorted. */
export function fingerprint(whole: Whole): string[] {
  const { finding, trace } = whole;
  const all = ownedAccesses(trace);
  const pairs = finding.oracle === "lockdep" ? lockPairs(finding.title, all) : [];
  if (pairs.length > 0) return pairs;
  const at = accessAt(finding, all);
  const isMemory = finding.oracle === "KASAN";
  const teller = { all, at, others: !isMemory };
  const cells = new Set<string>();
  const lines: string[] = [];
  if (at === undefined) lines.push(`found: ${finding.when ?? "run"}`);
  else {
    lines.push(`at: ${at.fn} ${at.kind} ${at.struct}.${at.field}`);
    // A local variable that was never written has nothing to do with the access before.
    if (finding.origin?.local !== undefined) return lines;
    // What happened to memory before it was freed does not matter.
    if (!isMemory || finding.access === undefined) {
      cells.add(nameOf(at));
    }
    for (const cell of pointerTo(at, all)) cells.add(cell);
  }
  for (const cell of finding.cells ?? []) {
    if (cell.field === null) lines.push(...aboutObject(cell.object, finding.title, teller));
    else if (!isMemory) cells.add(nameOf(cell));
  }
  const told = [...cells].flatMap((cell) => historyOf(cell, teller));
  if (told.length === 0 && at === undefined) told.push(...lastChange(finding, all));
  const conflicts = told.length > 0 ? [] : conflicting(whole);
  lines.push(...told, ...conflicts.flatMap((cell) => historyOf(cell, teller)));
  return [...new Set(lines)].sort();
}
