/**
 * The parts of source files that a page shows: the statement at the top of a file around a line.
 *
 * @module
 */
import type { Excerpt } from "./data.ts";

/** Of a longer statement, only what is around the line: lines above and below. */
const STATEMENT_MAX = 120;
const AROUND = 30;

/** Whether a statement begins on this line: nothing of the formatter's stands at the margin but that. */
const begins = (line: string) => /^[^\s})\]*/]/.test(line);

/**
 * The statement at the top of a file that has line `at`, counted from 1, with the comment above it.
 */
export function excerptAt(file: string, lines: readonly string[], at: number): Excerpt {
  let from = Math.min(at, lines.length) - 1;
  while (from > 0 && !begins(lines[from])) from--;
  let to = from + 1;
  while (to < lines.length && !begins(lines[to]) && !/^\/[*/]/.test(lines[to])) to++;
  while (from > 0 && /^(\/\*\*| \*|\/\/)/.test(lines[from - 1])) from--;
  while (to > at && lines[to - 1].trim() === "") to--;
  if (to - from > STATEMENT_MAX) {
    from = Math.max(from, at - 1 - AROUND);
    to = Math.min(to, at + AROUND);
  }
  return { file, from: from + 1, lines: lines.slice(from, to) };
}

/** Collects excerpts, each once. */
export class Excerpts {
  readonly all: Excerpt[] = [];
  readonly #lines = new Map<string, readonly string[]>();

  /** Number of an excerpt that is made already. */
  put(excerpt: Excerpt): number {
    const { file, from } = excerpt;
    const known = this.all.findIndex((e) => e.file === file && e.from === from);
    return known >= 0 ? known : this.all.push(excerpt) - 1;
  }

  /** Number of the excerpt that has the line; -1 if the file cannot be read. */
  add(file: string, line: number, read: () => string | null): number {
    const known = this.all.findIndex((e) =>
      e.file === file && line >= e.from && line < e.from + e.lines.length
    );
    if (known >= 0) return known;
    const lines = this.#lines.get(file) ?? read()?.split("\n");
    if (lines === undefined || line > lines.length) return -1;
    this.#lines.set(file, lines);
    return this.all.push(excerptAt(file, lines, line)) - 1;
  }
}
