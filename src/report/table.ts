/**
 * Lays out rows in columns, one per CPU, for a mail.
 *
 * @module
 */
import type { Row } from "./rows.ts";

/** Width of a line that mail programs do not wrap. */
const WIDTH_MAX = 100;
/** A narrower column cannot be read. With too many CPUs for it, the table becomes wider. */
const COLUMN_MIN = 30;
const GAP = " | ";
const INDENT = "  ";

/** A text in lines of at most `width`, broken at spaces. A word that is longer is cut. */
export function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  let isEmpty = true;
  for (const word of text.split(" ")) {
    const room = width - line.length - (isEmpty ? 0 : 1);
    if (!isEmpty && word.length > room) {
      lines.push(line);
      line = indent + INDENT;
      isEmpty = true;
    }
    const fitting = isEmpty ? width - line.length : room;
    const shown = word.length <= fitting ? word : word.slice(0, Math.max(1, fitting - 1)) + "…";
    line += (isEmpty ? "" : " ") + shown;
    isEmpty = false;
  }
  return [...lines, line];
}

/**
 * The widths of the columns: as wide as the content, or an equal share of the width if it is too
 * wide.
 */
function columnWidths(rows: readonly Row[], cpus: number): number[] {
  const wanted = Array.from({ length: cpus }, (_, cpu) => `CPU${cpu}`.length);
  for (const row of rows) {
    if (row.kind === "across") continue;
    const width = row.indent * INDENT.length + row.text.length;
    wanted[row.cpu] = Math.max(wanted[row.cpu], width);
  }
  const room = WIDTH_MAX - (cpus - 1) * GAP.length;
  const widths = [...wanted];
  // A column that needs less than its share leaves the rest to the others.
  const byNeed = wanted.map((_, cpu) => cpu).sort((a, b) => wanted[a] - wanted[b] || a - b);
  let left = room;
  byNeed.forEach((cpu, i) => {
    const share = Math.max(COLUMN_MIN, Math.floor(left / (cpus - i)));
    widths[cpu] = Math.min(wanted[cpu], share);
    left -= widths[cpu];
  });
  return widths;
}

/** The table, as lines without trailing spaces. */
export function table(rows: readonly Row[], cpus: number): string[] {
  const widths = columnWidths(rows, cpus);
  const line = (cells: readonly string[]) =>
    cells.map((cell, cpu) => cell.padEnd(widths[cpu])).join(GAP).trimEnd();
  const inColumn = (cpu: number, text: string) =>
    line(widths.map((_, other) => (other === cpu ? text : "")));
  const lines = [
    line(widths.map((_, cpu) => `CPU${cpu}`)),
    widths.map((width) => "-".repeat(width)).join("-+-"),
  ];
  for (const row of rows) {
    if (row.kind === "across") lines.push(row.text);
    else {
      const wrapped = wrap(row.text, widths[row.cpu], INDENT.repeat(row.indent));
      lines.push(...wrapped.map((text) => inColumn(row.cpu, text)));
    }
  }
  return lines;
}
