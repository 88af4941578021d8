/**
 * From recorded points to the rows of the interleaving: which points are shown, and what stands in
 * the place of the others.
 *
 * @module
 */
import { making } from "./making.ts";
import { operationOf, showsBoot } from "./operations.ts";
import type { TraceInput, TracePoint } from "./types.ts";

/** A row: text in the column of one CPU, or across all of them. */
export type Row =
  | { readonly kind: "cell"; readonly cpu: number; readonly indent: number; readonly text: string }
  | { readonly kind: "across"; readonly text: string };

/** Points shown at the beginning and at the end of each turn of a CPU. */
const FIRST = 2;
const LAST = 3;
/** With more accesses to the object than this, only accesses to the same field are shown. */
const OBJECT_POINTS_MAX = 24;

/** Records of what came at a point, which are always shown. */
const ACTING = ["interrupt", "softirq", "kworker"];

const isSame = (a: TracePoint, b: TracePoint) => a.object === b.object && a.field === b.field;

/** Tells whether a point is always shown: whether it accesses the object of the finding. */
function relevance({ finding, trace }: TraceInput): (p: TracePoint) => boolean {
  if (finding === null) return () => false;
  const last = trace.findLast(({ cpu }) => cpu === finding.at.cpu);
  const { access } = finding;
  const object = access === undefined ? last?.object ?? null : access.object;
  const field = access === undefined ? last?.field ?? null : access.field;
  if (object === null) return () => false;
  const touches = (p: TracePoint) => p.object === object;
  if (trace.filter(touches).length <= OBJECT_POINTS_MAX) return touches;
  return (p) => touches(p) && p.field === field;
}

/** The turns: runs of points of one CPU, as `[from, to)`. */
function segments(trace: readonly TracePoint[]): [number, number][] {
  const found: [number, number][] = [];
  for (let from = 0, i = 1; i <= trace.length; i++) {
    if (i < trace.length && trace[i].cpu === trace[from].cpu) continue;
    found.push([from, i]);
    from = i;
  }
  return found;
}

/** `READ_ONCE obj_cgroup#1.memcg = NULL` */
function pointText({ what, object, field, value }: TracePoint): string {
  const cell = object === null ? "" : ` ${object}${field === null ? "" : `.${field}`}`;
  return what + cell + (value === null ? "" : ` = ${value}`);
}

/** The line above the points of an operation: the operation, or the function between operations. */
function headOf(p: TracePoint, ops: readonly string[]): string {
  const operation = operationOf(ops, p.op);
  if (operation !== null) return operation.text;
  const [outermost = "idle", called] = p.stack;
  return called === undefined ? `(${outermost})` : `(${outermost}: ${called})`;
}

/** Builds the rows of one interleaving. */
class RowBuilder {
  readonly rows: Row[] = [];
  readonly #input: TraceInput;
  /** The head above the current row in the column of each CPU. */
  readonly #heads = new Map<number, string>();
  #function = "";
  #skipped = 0;

  constructor(input: TraceInput) {
    this.#input = input;
  }

  switchTo(p: TracePoint): void {
    this.rows.push({
      kind: "across",
      text: `-- switch to CPU${p.cpu} (${p.switchReason ?? "schedule"}) --`,
    });
    this.#function = "";
  }

  /** Adds the line of the operation when another operation begins. */
  head(p: TracePoint): void {
    const key = p.op >= 0 ? `${p.op}` : `(${p.stack[0] ?? ""})`;
    if (this.#heads.get(p.cpu) === key) return;
    this.flush(p.cpu);
    this.#heads.set(p.cpu, key);
    this.#function = "";
    this.#cell(p.cpu, 0, headOf(p, this.#input.ops));
  }

  point(p: TracePoint): void {
    this.flush(p.cpu);
    const inContext = p.context === "task" ? "" : ` [${p.context}]`;
    const name = `${p.stack[p.stack.length - 1] ?? "(between functions)"}${inContext}:`;
    if (name !== this.#function) this.#cell(p.cpu, 1, name);
    this.#function = name;
    this.#cell(p.cpu, 2, pointText(p));
  }

  skip(): void {
    this.#skipped++;
  }

  flush(cpu: number): void {
    if (this.#skipped === 0) return;
    const points = this.#skipped === 1 ? "point" : "points";
    this.#cell(cpu, 1, `… ${this.#skipped} more ${points} …`);
    this.#skipped = 0;
    this.#function = "";
  }

  #cell(cpu: number, indent: number, text: string): void {
    this.rows.push({ kind: "cell", cpu, indent, text });
  }
}

/** Decides which points of a turn are shown. */
function choose(
  points: readonly TracePoint[],
  making: ReadonlySet<TracePoint>,
  matters: (p: TracePoint) => boolean,
): boolean[] {
  const shown = points.map((p, i) => {
    const isEdge = i < FIRST || i >= points.length - LAST;
    if (isEdge || making.has(p) || ACTING.includes(p.what)) return true;
    // A loop that reads the same cell again and again is shown once.
    return matters(p) && !isRepetition(points[i - 1], p);
  });
  // A line that says "1 more point" is as long as the point itself.
  return shown.map((is, i) => is || ((shown[i - 1] ?? true) && (shown[i + 1] ?? true)));
}

/** The rows of an interleaving. `full` shows every point. */
export function rowsOf(input: TraceInput, full: boolean): Row[] {
  const { finding, ops } = input;
  // Before the schedule begins, every execution does the same. The operations above the table tell
  // it, unless it is there that something was found.
  const trace = full || showsBoot(input)
    ? input.trace
    : input.trace.filter((p) => !operationOf(ops, p.op)?.isBoot);
  const needed = new Set(making(input).map(({ index }) => input.trace[index]));
  const builder = new RowBuilder(input);
  const matters = relevance(input);
  for (const [from, to] of segments(trace)) {
    const points = trace.slice(from, to);
    const shown = full ? null : choose(points, needed, matters);
    if (from > 0) builder.switchTo(points[0]);
    points.forEach((p, i) => {
      builder.head(p);
      if (shown === null || shown[i]) builder.point(p);
      else builder.skip();
    });
    builder.flush(points[0].cpu);
  }
  if (finding === null) return builder.rows;
  const { title, at } = finding;
  return [...builder.rows, { kind: "cell", cpu: at.cpu, indent: 0, text: `*** ${title}` }];
}

function isRepetition(a: TracePoint, b: TracePoint): boolean {
  return a.what === b.what && a.object !== null && isSame(a, b) && a.value === b.value &&
    a.op === b.op && a.stack.length === b.stack.length;
}
