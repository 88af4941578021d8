/**
 * The header lines of an input file: `key: value`, and `expect KERNEL: TITLE`.
 *
 * @module
 */
import type { Cursor } from "./_cursor.ts";
import { misspelling, ParseError, quote, unknownWord } from "./errors.ts";
import type { Positions } from "./positions.ts";
import {
  type FileRef,
  KCSAN_MODES,
  LIMITS,
  type Limits,
  type Position,
  PREEMPTS,
  type Program,
} from "./types.ts";

/** The keys that this version knows, in canonical order. */
export const HEADER_KEYS = [
  "title",
  "link",
  "status",
  "target",
  "patch",
  "cpus",
  "preempt",
  "kcsan",
  "without",
  "step-limit",
  "every-step",
  "expect",
] as const;
type HeaderKey = typeof HEADER_KEYS[number];

/** The smallest step limit: a program needs some points to begin. */
export const STEP_LIMIT_MIN = 100;

/** The number of CPUs while it cannot be read. */
const UNKNOWN = -1;

/** Words that can begin a line. A key that resembles one of them is a misspelling. */
const LINE_WORDS = [...HEADER_KEYS, "schedule"];
const REPEATABLE: readonly string[] = ["link", "patch", "expect"];
const KEY = /[A-Za-z][A-Za-z0-9_-]*/y;
const WORD = /[^\s#]+/y;
const KERNEL = /[^\s:]+/y;

/** Whether a key is kept although this version does not know it. */
export function isForeignKey(key: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(key) && !/^(boot|cpu\d*)$/.test(key) &&
    misspelling(key, LINE_WORDS) === undefined;
}

/** Reads the headers of one program, line by line. */
export class HeaderParser {
  readonly #program: Program;
  readonly #positions: Positions;
  readonly #warnings: ParseError[];
  /** A number of CPUs that cannot be read; the target, which limits it, may be named later. */
  #wrongCpus: { readonly text: string; readonly at: Position } | null = null;
  /** The line on which a key was first seen. */
  readonly #seen = new Map<string, number>();

  constructor(program: Program, positions: Positions, warnings: ParseError[]) {
    this.#program = program;
    this.#positions = positions;
    this.#warnings = warnings;
  }

  /** Reads one header line. */
  parse(cursor: Cursor): void {
    const at = cursor.at;
    const key = cursor.match(KEY);
    if (key === undefined) {
      throw cursor.error(`Cannot read header: expected "key: value", found ${cursor.found()}`);
    }
    if (key === "expect") return this.#parseExpect(cursor, at);
    if (!cursor.eat(":")) throw cursor.error(missingColon(key), at);
    if (/^(boot|cpu\d+)$/.test(key)) {
      throw unexpectedColon(cursor, key, at);
    }
    if (!isKnown(key)) return this.#keepForeign(key, cursor, at);
    this.#checkRepeated(key, cursor, at);
    this.#store(key, cursor);
  }

  /** Reports what can only be told after the last header: required ones are missing. */
  missing(file: string, limits: Limits): ParseError[] {
    const first = { line: 1, column: 1 };
    const examples = { title: "what goes wrong", cpus: "2" };
    const errors: ParseError[] = [];
    for (const [key, example] of Object.entries(examples)) {
      if (this.#seen.has(key)) continue;
      errors.push(
        new ParseError(
          file,
          first,
          `Missing header "${key}": add a line such as "${key}: ${example}"`,
        ),
      );
    }
    if (this.#wrongCpus !== null) {
      const { text, at } = this.#wrongCpus;
      errors.push(new ParseError(file, at, wrongCpus(text, limits)));
    }
    // Without a number there is no range to check CPUs against, so every CPU is allowed.
    const isKnown = this.#seen.has("cpus") && this.#program.cpus !== UNKNOWN;
    if (!isKnown) this.#program.cpus = limits.cpus;
    return errors;
  }

  #store(key: HeaderKey, cursor: Cursor): void {
    const program = this.#program;
    const at = cursor.at;
    this.#positions.mark(program, key, at);
    if (cursor.done) throw cursor.error(`Cannot read header "${key}": the value is empty`);
    if (key === "title" || key === "status") {
      program[key] = cursor.takeRest();
    } else if (key === "target") {
      program.target = this.#first(key, cursor);
      if (!/\.ts(\s+sha256:\S*)?$/.test(cursor.rest)) cursor.finish("the value");
      else program.targetFile = fileRef(cursor);
    } else if (key === "patch") {
      (program.patches ??= []).push(fileRef(cursor));
    } else if (key === "link") {
      program.links.push(cursor.takeRest());
    } else if (key === "cpus") {
      program.cpus = UNKNOWN;
      const cpus = cursor.integer();
      if (cpus === undefined) {
        this.#wrongCpus = { text: cursor.rest, at: cursor.at };
        return;
      }
      cursor.finish("the value");
      program.cpus = cpus;
    } else if (key === "preempt") {
      program.preempt = oneOf(PREEMPTS, "preemption model", this.#word(key, cursor), cursor, at);
    } else if (key === "kcsan") {
      program.kcsan = oneOf(KCSAN_MODES, "KCSAN mode", this.#word(key, cursor), cursor, at);
    } else if (key === "without") {
      program.without = cursor.takeRest().split(/\s*,\s*/).filter((word) => word !== "");
    } else if (key === "step-limit") {
      program.stepLimit = cursor.integer();
      if (program.stepLimit === undefined) throw cursor.error(wrongStepLimit(cursor.rest), at);
      cursor.finish("the value");
    } else if (key === "every-step") {
      oneOf(["yes"], "value", this.#word(key, cursor), cursor, at);
      program.everyStep = true;
    }
  }

  #first(key: string, cursor: Cursor): string {
    const word = cursor.match(WORD);
    if (word === undefined) throw cursor.error(`Cannot read header "${key}": the value is empty`);
    return word;
  }

  #word(key: string, cursor: Cursor): string {
    const word = this.#first(key, cursor);
    cursor.finish("the value");
    return word;
  }

  #parseExpect(cursor: Cursor, at: Position): void {
    const kernelAt = cursor.at;
    const kernel = cursor.match(KERNEL);
    if (kernel === undefined || !cursor.eat(":")) {
      throw cursor.error(
        'Cannot read header "expect": expected "expect KERNEL: TITLE" or "expect KERNEL: none"',
        at,
      );
    }
    if (cursor.done) {
      throw cursor.error(`Cannot read what "${kernel}" reports: expected a crash title or "none"`);
    }
    const title = cursor.takeRest();
    const expectation = { kernel, title: title === "none" ? null : title, at };
    this.#positions.mark(expectation, "kernel", kernelAt);
    this.#program.expects.push(expectation);
  }

  #checkRepeated(key: string, cursor: Cursor, at: Position): void {
    const line = this.#seen.get(key);
    if (line === undefined) this.#seen.set(key, cursor.line);
    else if (!REPEATABLE.includes(key)) {
      throw cursor.error(`Duplicate header "${key}": line ${line} has it already`, at);
    }
  }

  #keepForeign(key: string, cursor: Cursor, at: Position): void {
    if (!isForeignKey(key)) throw cursor.error(unknownWord("header", key, LINE_WORDS), at);
    this.#program.extra.push({ key, value: cursor.takeRest() });
    this.#warnings.push(cursor.error(`Unknown header "${key}": it is kept as it is`, at));
  }
}

/** Reads `PATH` or `PATH sha256:DIGITS`. A path may have spaces. */
function fileRef(cursor: Cursor): FileRef {
  const at = cursor.at;
  const text = cursor.takeRest();
  const [path, digits] = text.split(/\s+sha256:(?=\S*$)/);
  if (digits === undefined) return { path, at };
  if (/^[0-9a-f]{64}$/.test(digits)) return { path, sha256: digits, at };
  const column = at.column + text.length - digits.length;
  throw cursor.error(
    `Cannot read checksum ${quote(digits)}: SHA-256 has 64 hexadecimal digits in lower case`,
    { line: at.line, column },
  );
}

/** What is wrong with a number of CPUs. */
export function wrongCpus(found: string, limits: Limits): string {
  return `Cannot read header "cpus": ${quote(found)} is not a number from 1 to ${limits.cpus}`;
}

/** What is wrong with a step limit. */
export function wrongStepLimit(found: string): string {
  return `Cannot read header "step-limit": ${
    quote(found)
  } is not a number from ${STEP_LIMIT_MIN} to ${LIMITS.stepLimit}`;
}

/** The error about `cpu0: name(arguments)`. */
export function unexpectedColon(cursor: Cursor, word: string, at?: Position): ParseError {
  return cursor.error(
    `Unexpected ":" after "${word}": an operation is "${word}  name(arguments)"`,
    at,
  );
}

function oneOf<T extends string>(
  words: readonly T[],
  kind: string,
  word: string,
  cursor: Cursor,
  at: Position,
): T {
  const known = words.find((w) => w === word);
  if (known !== undefined) return known;
  throw cursor.error(unknownWord(kind, word, words), at);
}

function isKnown(key: string): key is HeaderKey {
  return (HEADER_KEYS as readonly string[]).includes(key);
}

/** The error about a line without a colon: it is a wrong header, or a wrong operation. */
function missingColon(word: string): string {
  if (isKnown(word)) return `Cannot read header "${word}": expected "${word}: value"`;
  const meant = misspelling(word, [...LINE_WORDS, "boot"]);
  if (meant !== undefined) {
    return `Cannot read line: unknown word "${word}": did you mean "${meant}"?`;
  }
  return `Cannot read line: ${quote(word)} begins neither a header "key: value" nor an operation ` +
    `"cpu0  name(arguments)"`;
}
