/**
 * Lines of the translation, each with the line of C from which it comes.
 *
 * @module
 */

export interface Line {
  readonly indent: number;
  readonly text: string;
  /** The line in the C file, or null for one that stands for none. */
  readonly from: number | null;
  /** The statement at the end of the text, if that is one more: `return;` in `if (a) return;`. */
  readonly tail?: { readonly text: string; readonly from: number | null };
}

/** The same lines, further inside. */
export function indented(lines: readonly Line[]): Line[] {
  return lines.map((line) => ({ ...line, indent: line.indent + 1 }));
}

/** The lines as text. */
export function textOf(lines: readonly Line[], base = 0): string {
  return lines.map(({ indent, text }) => "  ".repeat(base + indent) + text).join("\n");
}
