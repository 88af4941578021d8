/**
 * The marks of stocks that are being drained, for the ownership sanitizer.
 *
 * drain_all_stock() marks the stock of a CPU and queues the work that drains it there; the work takes
 * the mark away. As long as a stock is marked nobody else asks for it to be drained. So a mark that
 * nothing will take away keeps for ever what the stock holds, and one that is taken away from a stock
 * that still holds something says what is not true.
 *
 * @module
 */
import { isOnline } from "../../machine/context/cpus.ts";
import { forEachWork } from "../../machine/context/work.ts";
import { nameJudgedCells } from "../../machine/findings/judged_cells.ts";
import { oops, oopsKind } from "../../machine/findings/oops.ts";
import { cellsAt, nameAt, offsetOf, peekAt, typeNamed } from "../../machine/memory/peek.ts";
import { addressOf, nextLive } from "../../machine/memory/slab.ts";
import type { StructType } from "../../machine/memory/struct_type.ts";
import { onChange } from "../../machine/memory/watch.ts";

const FLUSHING = oopsKind("flushing", "ownership", () => "stock is never drained again");
const UNDRAINED = oopsKind(
  "undrained",
  "ownership",
  (o) => `stock is marked as drained, but is not, in ${o.fn}`,
);

/** Fields of a stock that say what it holds: all of them are zero in a drained one. */
const HELD = ["cached", "nr_pages", "cached_objcg", "nr_bytes"];

/** The names of these fields, those of an embedded stock included. */
function heldIn(stock: StructType): string[] {
  return stock.fields.flatMap(({ name, type }) =>
    name === "task_obj" || name === "irq_obj"
      ? heldIn(type!).map((f) => `${name}.${f}`)
      : HELD.includes(name)
      ? [name]
      : []
  );
}

interface Layout {
  readonly stock: StructType;
  readonly flags: number;
  readonly work: number;
  /** The cell that says whether the work is pending. */
  readonly pending: number;
  /** The cells of what it holds, and the names of their fields. */
  readonly held: readonly number[];
  readonly names: readonly string[];
}
/** The stocks of a CPU: one, or since c80509ef65e4 (v6.16) one of pages and one of objects. */
let stocks: readonly Layout[] = [];

function learn(name: string): Layout[] {
  const stock = typeNamed(name);
  if (stock === undefined) return [];
  const cells = heldIn(stock).flatMap((f) => cellsAt(stock, f).map((at) => ({ at, f })));
  return [{
    stock,
    flags: offsetOf(stock, "flags"),
    work: offsetOf(stock, "work"),
    pending: offsetOf(stock, "work.data"),
    held: cells.map(({ at }) => at),
    names: cells.map(({ f }) => f),
  }];
}

/** The work item that {@linkcode isQueued} looks for, and whether it was found. */
const wanted = { a: 0, found: false };
const look = (a: number) => void (wanted.found ||= a === wanted.a);

/** Whether the work item at `a` is queued on that CPU. */
function isQueued(a: number, cpu: number): boolean {
  wanted.a = a;
  wanted.found = false;
  forEachWork(cpu, look);
  return wanted.found;
}

/** A mark is taken away: the flags of a stock change at `a`. Context: its stock's lock. */
function marked({ flags, held, names }: Layout, a: number, old: number, now: number): void {
  if (old === 0 || now !== 0) return;
  const s = a - 2 * flags;
  for (let i = 0; i < held.length; i++) {
    if (peekAt(s, held[i]) === 0) continue;
    oops(UNDRAINED, 0, s, `${nameAt(s)} is not empty: its ${names[i]} is still there`);
  }
}

/**
 * The cells that make a mark stay: the mark, and whether its work was ever queued. What the stock holds
 * makes no difference.
 */
function cellsOf(kind: number, s: number): number[] {
  if (kind !== FLUSHING) return [];
  const { flags, pending } = stocks.find(({ stock }) => stock.objects.some(({ a }) => a === s))!;
  return [s + 2 * flags, s + 2 * pending];
}

/** Judge marks from now on where they are taken away. */
export function watchMarks(): void {
  const [pages, objects] = [learn("memcg_stock_pcp"), learn("obj_stock_pcp")];
  stocks = [...pages, ...objects];
  nameJudgedCells(cellsOf);
  for (const s of pages) onChange("stock_flags", (a, old, now) => marked(s, a, old, now));
  for (const s of objects) onChange("obj_stock_flags", (a, old, now) => marked(s, a, old, now));
}

function judgeMarksOf({ stock, flags, work }: Layout): void {
  for (let cpu = nextLive(stock, 0); cpu >= 0; cpu = nextLive(stock, cpu + 1)) {
    const s = addressOf(stock, cpu);
    if (!isOnline(cpu) || peekAt(s, flags) === 0) continue;
    if (isQueued(s + 2 * work, cpu)) continue;
    oops(FLUSHING, cpu, s, `${nameAt(s)} is marked as being drained, and nothing is queued for it`);
  }
}

/** What is marked will be drained. Context: no CPU is in the middle of anything. */
export function judgeMarks(): void {
  for (let i = 0; i < stocks.length; i++) judgeMarksOf(stocks[i]);
}
