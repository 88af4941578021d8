/**
 * Which line of C each line of a translation comes from, so that a page can show the C.
 *
 * @module
 */
import type { ReadFile } from "../front/tree.ts";
import type { Translated } from "./function.ts";
import { placeComment } from "./module.ts";
import type { Translation } from "./translate.ts";

/** A function of a tree, and the lines of its translation. */
export interface FunctionOrigin {
  /** The file of the tree. */
  readonly file: string;
  /** The first line of the function there, from 1. */
  readonly from: number;
  /** Its lines as the tree has them, with comments. */
  readonly source: readonly string[];
  /** The line of the module at which the function's head is. */
  readonly at: number;
  /** For each line from there on, the line of C; the closing brace is not among them. */
  readonly lines: readonly number[];
  readonly name: string;
  /** Calls and accesses that the translation leaves out, with their lines of C. */
  readonly leftOut: readonly { readonly line: number; readonly what: string }[];
}

/** Lines that stand for none are shown as the one before them. */
function linesOf({ lines, source }: Translated): number[] {
  let last = source.line;
  return [last, ...lines.map(({ from }) => last = from ?? last)];
}

/** The origins of all functions in the text of a module that was made of the translation. */
export function originsOf(
  moduleText: string,
  { functions, helpers }: Translation,
  read: ReadFile,
): FunctionOrigin[] {
  const text = moduleText.split("\n").map((line) => line.trim());
  const files = new Map<string, readonly string[]>();
  return [...helpers.values(), ...functions.values()].map((t) => {
    const { file, line, text: own } = t.source;
    const all = files.get(file) ?? (read(file) ?? "").split("\n");
    files.set(file, all);
    const source = all.slice(line - 1, line - 1 + own.trimEnd().split("\n").length);
    // The head is on the line after the comment with the place; lines count from 1.
    const at = text.indexOf(placeComment(t)) + 2;
    const leftOut = t.leftOut.map(({ what, place }) => ({ line: place.line, what }));
    return { file, from: line, source, at, lines: linesOf(t), name: t.source.name, leftOut };
  });
}
