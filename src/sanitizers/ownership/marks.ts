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
import { oops, oopsKind } from "../../machine/findings/oops.ts";
import { hasField, nameAt, offsetOf, peekAt, typeNamed } from "../../machine/memory/peek.ts";
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
function heldIn(stock: StructType): string[] {
  const parts = hasField(stock, "task_obj") ? ["task_obj.", "irq_obj."] : [""];
  const bytes = parts.flatMap((part) => [`${part}cached_objcg`, `${part}nr_bytes`]);
  return ["cached", "nr_pages", ...bytes];
}

interface Layout {
  readonly stock: StructType;
  readonly flags: number;
  readonly work: number;
  readonly held: readonly number[];
  readonly names: readonly string[];
}
let l: Layout | null = null;

function learn(): Layout | null {
  const stock = typeNamed("memcg_stock_pcp");
  if (stock === undefined) return null;
  const names = heldIn(stock);
  return {
    stock,
    flags: offsetOf(stock, "flags"),
    work: offsetOf(stock, "work"),
    held: names.map((f) => offsetOf(stock, f)),
    names,
  };
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
function marked(a: number, old: number, now: number): void {
  if (old === 0 || now !== 0) return;
  const s = a - 2 * l!.flags;
  const { held, names } = l!;
  for (let i = 0; i < held.length; i++) {
    if (peekAt(s, held[i]) === 0) continue;
    oops(UNDRAINED, 0, s, `${nameAt(s)} is not empty: its ${names[i]} is still there`);
  }
}

/** Judge marks from now on where they are taken away. */
export function watchMarks(): void {
  l = learn();
  if (l !== null) onChange("stock_flags", marked);
}

/** What is marked will be drained. Context: no CPU is in the middle of anything. */
export function judgeMarks(): void {
  if (l === null) return;
  const { stock, flags, work } = l;
  for (let cpu = nextLive(stock, 0); cpu >= 0; cpu = nextLive(stock, cpu + 1)) {
    const s = addressOf(stock, cpu);
    if (!isOnline(cpu) || peekAt(s, flags) === 0) continue;
    if (isQueued(s + 2 * work, cpu)) continue;
    oops(FLUSHING, cpu, s, `${nameAt(s)} is marked as being drained, and nothing is queued for it`);
  }
}
