/**
 * Where two executions of one input part: one of the model as it is, and one with functions of a kernel
 * tree in it.
 *
 * A note names a point that only one of the two passes, and why. Such points are passed over.
 *
 * @module
 */
import type { TracePoint } from "./types.ts";

/** What may differ. */
export interface Note {
  /** The function, and who passes the points: the model's version, or the tree's. */
  readonly in: string;
  readonly only: "model" | "tree";
  /** The points: primitive and field, such as `load css.id`, or a primitive alone. */
  readonly points: readonly string[];
  /** Why the difference is harmless. */
  readonly why: string;
}

/** An execution: its points, and what it came to after them. */
export interface Executed {
  readonly points: readonly TracePoint[];
  readonly title: string | null;
  readonly returns: readonly number[];
}

/** The first point that differs; null where one has ended. */
export interface Difference {
  /** The model's, and the tree's. */
  readonly model: TracePoint | null;
  readonly tree: TracePoint | null;
  /** What differs after all points, if no point does. */
  readonly result: string | null;
  /** Functions that may be at fault, the likeliest first. */
  readonly suspects: readonly string[];
}

/** What makes two points the same: who, where, what, and the value. */
function keyOf(p: TracePoint): string {
  return [p.cpu, p.context, p.stack, p.what, p.object, p.field, p.value].join(" ");
}

function matches({ in: name, points }: Note, p: TracePoint): boolean {
  if (p.stack.at(-1) !== name && p.owner !== name) return false;
  return points.includes(p.what) || points.includes(`${p.what} ${p.field}`);
}

/** The index of a note that lets only this execution pass the point; -1 if there is none. */
function noteFor(notes: readonly Note[], only: Note["only"], p: TracePoint | undefined): number {
  return p === undefined ? -1 : notes.findIndex((note) => note.only === only && matches(note, p));
}

/** Functions of the two stacks: the innermost common one first, then those of one only. */
function suspectsOf(a: readonly string[], b: readonly string[]): string[] {
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  const inner = [...a.slice(common), ...b.slice(common)];
  const outer = a.slice(0, common).reverse();
  return [...new Set([...outer.slice(0, 1), ...inner, ...outer.slice(1)])];
}

function resultOf({ title, returns }: Executed): string {
  return title ?? `operations returned ${returns.join(", ")}`;
}

function afterAll(model: Executed, tree: Executed): Difference | null {
  const [x, y] = [resultOf(model), resultOf(tree)];
  if (x === y) return null;
  const suspects = model.points.at(-1)?.stack.toReversed() ?? [];
  return { model: null, tree: null, result: `${x}; with the tree ${y}`, suspects };
}

/**
 * The first difference of two executions that no note names; null if there is none. `used` gets the
 * indices of the notes that were made use of.
 */
export function firstDifference(
  model: Executed,
  tree: Executed,
  notes: readonly Note[] = [],
  used: Set<number> = new Set(),
): Difference | null {
  const [a, b] = [model.points, tree.points];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && keyOf(a[i]) === keyOf(b[j])) {
      i++;
      j++;
      continue;
    }
    const [own, theirs] = [noteFor(notes, "model", a[i]), noteFor(notes, "tree", b[j])];
    if (own < 0 && theirs < 0) return at(a, i, b, j);
    used.add(theirs >= 0 ? theirs : own);
    if (theirs >= 0) j++;
    else i++;
  }
  return afterAll(model, tree);
}

function at(a: readonly TracePoint[], i: number, b: readonly TracePoint[], j: number): Difference {
  // At the end of one execution, the functions of the point before it ran last.
  const [x, y] = [a[i] ?? a[i - 1], b[j] ?? b[j - 1]].map((p) => p?.stack ?? []);
  const before = a[i - 1]?.stack.toReversed() ?? [];
  const suspects = [...new Set([...suspectsOf(x, y), ...before])];
  return { model: a[i] ?? null, tree: b[j] ?? null, result: null, suspects };
}
