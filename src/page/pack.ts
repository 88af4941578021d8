/**
 * The data of a page in little space: every text once, and points as columns of numbers.
 *
 * @module
 */
import type { PageData, PagePoint } from "./data.ts";

/** Columns of a point, in order. */
const COLUMNS = 14;

/** The data as JSON has it. */
export interface Packed extends Omit<PageData, "points"> {
  /** All texts of points, each once. */
  readonly texts: readonly string[];
  /** All lists of texts, each once, as numbers of texts. */
  readonly lists: readonly (readonly number[])[];
  /** One list per column. */
  readonly columns: readonly (readonly number[])[];
}

/** Numbers things by first appearance. */
class Numbered<T> {
  readonly all: T[] = [];
  readonly #numbers = new Map<string, number>();

  of(key: string, thing: () => T): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.all.length);
    return this.all.push(thing()) - 1;
  }
}

/** Pack the data of a page. */
export function pack({ points, ...rest }: PageData): Packed {
  const texts = new Numbered<string>();
  const lists = new Numbered<number[]>();
  const text = (t: string) => texts.of(t, () => t);
  const orNone = (t: string | null) => t === null ? -1 : text(t);
  const list = (l: readonly string[]) => lists.of(l.join("\n"), () => l.map(text));
  const rows = points.map((p) => [
    p.cpu,
    text(p.context),
    list(p.stack),
    orNone(p.owner ?? null),
    text(p.what),
    orNone(p.object),
    orNone(p.field),
    orNone(p.value),
    p.op,
    orNone(p.switchReason),
    Number(p.irqOff) | Number(p.bhOff) << 1 | Number(p.preemptOff) << 2 | Number(p.inRcu) << 3,
    list(p.locks),
    text(p.memory),
    // An excerpt has less than 10,000 lines.
    p.excerpt < 0 ? -1 : p.excerpt * 10_000 + p.line - rest.excerpts[p.excerpt].from,
  ]);
  const columns = Array.from({ length: COLUMNS }, (_, c) => rows.map((row) => row[c]));
  return { ...rest, texts: texts.all, lists: lists.all, columns };
}

/** The data of a page. */
export function unpack({ texts, lists, columns, ...rest }: Packed): PageData {
  const text = (i: number) => texts[i];
  const orNull = (i: number) => i < 0 ? null : texts[i];
  const allLists = lists.map((list) => list.map(text));
  const points = columns[0].map((cpu, i): PagePoint => {
    const at = (column: number) => columns[column][i];
    const excerpt = Math.floor(at(13) / 10_000);
    return {
      cpu,
      context: text(at(1)),
      stack: allLists[at(2)],
      owner: orNull(at(3)) ?? undefined,
      what: text(at(4)),
      object: orNull(at(5)),
      field: orNull(at(6)),
      value: orNull(at(7)),
      op: at(8),
      switchReason: orNull(at(9)),
      irqOff: (at(10) & 1) !== 0,
      bhOff: (at(10) & 2) !== 0,
      preemptOff: (at(10) & 4) !== 0,
      inRcu: (at(10) & 8) !== 0,
      locks: allLists[at(11)],
      memory: text(at(12)),
      excerpt,
      line: excerpt < 0 ? 0 : rest.excerpts[excerpt].from + at(13) % 10_000,
    };
  });
  return { ...rest, points };
}
