/**
 * Errors in an input, and where they are.
 *
 * People see these messages while they write a seed by hand. So each message says what was found
 * and what would be right, and for a misspelt word it names the word that was probably meant.
 *
 * @module
 */
import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";
import type { Position } from "./types.ts";

/** Characters of the input that a message quotes at most. */
const EXCERPT_MAX = 40;
/** A message lists all known words up to this number; above it, only the nearest one. */
const LISTED_MAX = 6;

/**
 * An error in an input file. Line and column are 0 for a program that was built in memory.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const error = new ParseError("seed.txt", { line: 3, column: 7 }, "Unknown word");
 * assertEquals(String(error), "seed.txt:3:7: Unknown word");
 * ```
 */
export class ParseError extends Error {
  override readonly name = "ParseError";
  readonly file: string;
  readonly line: number;
  readonly column: number;

  constructor(file: string, at: Position, message: string) {
    super(message);
    this.file = file;
    this.line = at.line;
    this.column = at.column;
  }

  /** `file:line:column: message`, the form that editors turn into a link. */
  override toString(): string {
    if (this.line === 0) return this.file === "" ? this.message : `${this.file}: ${this.message}`;
    return `${this.file}:${this.line}:${this.column}: ${this.message}`;
  }
}

/** Sorts errors in the order of the file. */
export function byPosition(a: ParseError, b: ParseError): number {
  return a.line - b.line || a.column - b.column;
}

/** A piece of the input in quotes: short, and safe to print on a terminal. */
export function quote(text: string): string {
  const short = text.length > EXCERPT_MAX ? text.slice(0, EXCERPT_MAX) + "…" : text;
  // deno-lint-ignore no-control-regex
  const safe = short.replace(/[\x00-\x1f\x7f-\x9f\ufffd]/g, (c) => `<${codePoint(c)}>`);
  return `"${safe}"`;
}

/** `U+0000` for a character that cannot be shown. */
export function codePoint(char: string): string {
  return "U+" + char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
}

/** `"a", "b" or "c"`. */
export function oneOf(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  if (quoted.length < 2) return quoted.join("");
  return `${quoted.slice(0, -1).join(", ")} or ${quoted[quoted.length - 1]}`;
}

/** `1st`, `2nd`, `65th`. */
export function ordinal(n: number): string {
  const teens = n % 100 >= 11 && n % 100 <= 13;
  const suffix = teens ? "th" : ["th", "st", "nd", "rd"][n % 10] ?? "th";
  return `${n}${suffix}`;
}

/** The known word that was probably meant by `word`, if there is one. */
export function misspelling(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || word === "") return undefined;
  const lower = word.toLowerCase();
  const nearest = closestString(lower, known);
  const distance = levenshteinDistance(lower, nearest.toLowerCase());
  if (distance <= Math.max(1, Math.floor(word.length / 3))) return nearest;
  // Two swapped letters are two edits for Levenshtein, but one mistake.
  const letters = (text: string) => [...text.toLowerCase()].sort().join("");
  return distance === 2 && letters(lower) === letters(nearest) ? nearest : undefined;
}

/** The message about a word that is not among the known words. */
export function unknownWord(kind: string, word: string, known: readonly string[]): string {
  const what = `Unknown ${kind} ${quote(word)}`;
  if (known.length === 0) return `${what}: none is known here`;
  const meant = misspelling(word, known);
  if (meant !== undefined) return `${what}: did you mean "${meant}"?`;
  if (known.length <= LISTED_MAX) return `${what}: expected ${oneOf(known)}`;
  return `${what}: the nearest known one is "${closestString(word, known)}"`;
}
