/**
 * A place in one line of an input file, and how a parser moves on from it.
 *
 * @module
 */
import { ParseError, quote } from "./errors.ts";
import type { Position } from "./types.ts";

const SPACE = /\s*/y;
/** The next word as a person sees it. Messages quote it. */
const TOKEN = /[(){},=|]|[^\s(){},=|]+/y;
const INTEGER = /-?(?:0[xX][0-9a-fA-F]+|[0-9]+)(?![\w.])/y;

/**
 * Reads one line from left to right. Throws a {@linkcode ParseError} for text that does not fit.
 */
export class Cursor {
  readonly file: string;
  readonly text: string;
  readonly line: number;
  #index = 0;

  constructor(file: string, text: string, line: number) {
    this.file = file;
    this.text = text.trimEnd();
    this.line = line;
    this.#take(SPACE);
  }

  /** The place of the next token. */
  get at(): Position {
    return { line: this.line, column: this.#index + 1 };
  }

  /** Whether the line has no more text. */
  get done(): boolean {
    return this.#index === this.text.length;
  }

  /** The next token, without reading it; "" at the end of the line. */
  get next(): string {
    TOKEN.lastIndex = this.#index;
    return TOKEN.exec(this.text)?.[0] ?? "";
  }

  /** The rest of the line, without reading it. */
  get rest(): string {
    return this.text.slice(this.#index);
  }

  /** Reads the text that the sticky `pattern` matches here, and the space behind it. */
  match(pattern: RegExp): string | undefined {
    const found = this.#take(pattern);
    if (found !== undefined) this.#take(SPACE);
    return found;
  }

  /** Reads `literal` if the rest begins with it. */
  eat(literal: string): boolean {
    if (!this.text.startsWith(literal, this.#index)) return false;
    this.#index += literal.length;
    this.#take(SPACE);
    return true;
  }

  /** Reads a decimal or hexadecimal integer, if the rest begins with one. */
  integer(): number | undefined {
    const at = this.at;
    const text = this.match(INTEGER);
    if (text === undefined) return undefined;
    const size = Number(text.replace("-", ""));
    if (!Number.isSafeInteger(size)) {
      throw this.error(`Cannot read number ${quote(text)}: it does not fit in 32 bits`, at);
    }
    return text.startsWith("-") && size !== 0 ? -size : size;
  }

  /** Reads the rest of the line. */
  takeRest(): string {
    const rest = this.rest;
    this.#index = this.text.length;
    return rest;
  }

  /** Throws unless the line ends here, after `what`. */
  finish(what: string): void {
    if (this.done) return;
    if (this.next.startsWith("#")) {
      throw this.error("Cannot read a comment after other text: put it on a line of its own");
    }
    throw this.error(`Unexpected ${quote(this.rest)} after ${what}: expected the end of the line`);
  }

  /** An error at the next token, or at `at`. */
  error(message: string, at: Position = this.at): ParseError {
    return new ParseError(this.file, at, message);
  }

  /** The next token in quotes, or `the end of the line`. */
  found(): string {
    return this.done ? "the end of the line" : quote(this.next);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#index;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#index += found.length;
    return found;
  }
}
