/**
 * The strict parser of input files.
 *
 * A person who fixes a seed wants to see all errors at once. So an error ends its line only, and
 * the parser continues with the next line.
 *
 * @module
 */
import { Cursor } from "./_cursor.ts";
import { HeaderParser, unexpectedColon } from "./_header.ts";
import { CPU_WORD, parseOperation } from "./_operation.ts";
import { parseEvent, parseOrder, parseScheduleLine, parseStep } from "./_schedule.ts";
import { checkProgram } from "./check.ts";
import { commentText, tidyComments } from "./comments.ts";
import { byPosition, codePoint, misspelling, ParseError, quote, unknownWord } from "./errors.ts";
import { readFlags } from "./flags.ts";
import { DEFAULT_TARGET, MAGIC, VERSION } from "./format.ts";
import { Positions } from "./positions.ts";
import { limitsOf, type Program, type TargetSpec } from "./types.ts";

export { ParseError } from "./errors.ts";

/** What a file may name besides targets. */
export interface ParseOptions {
  /** What is wrong with the name of a kernel, if anything is. Without it, every name is taken. */
  readonly kernelError?: (kernel: string) => string | undefined;
  /** Sanitizers that a file may leave out. Without them, every name is taken. */
  readonly sanitizers?: readonly string[];
}

/** The result of reading a file. */
export interface ParseResult {
  /** The program, if there is no error. */
  program: Program | null;
  /** All errors, in the order of the file. */
  errors: ParseError[];
  /** Legal but suspicious lines, such as a header that this version does not know. */
  warnings: ParseError[];
}

/**
 * Reads an input file. It never throws because of the content.
 *
 * @param text The content. Lines may end in CRLF; the last line may lack its end.
 * @param file The name of the file, for errors.
 * @param targets The targets that the file may name.
 * @param options What else it may name.
 * @returns The program, or null and all errors, with line and column counted from 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cpu, specOf } from "@objcg/fuzz";
 * const spec = specOf({
 *   name: "demo",
 *   doc: "A demonstration.",
 *   ops: { poke: { doc: "Do it.", args: [cpu("cpu")], run: () => 0 } },
 * });
 * const text = `objcg-fuzz 1
 * title: a demonstration
 * target: demo
 * cpus: 2
 *
 * cpu0  poke(cpu1)
 *
 * schedule:
 * cpu0 until end
 * `;
 * const { program, errors } = parseProgram(text, "demo.txt", [spec]);
 * assertEquals(errors, []);
 * assertEquals(program!.ops[0].name, "poke");
 *
 * const wrong = parseProgram(text.replace("poke", "pole"), "demo.txt", [spec]);
 * assertEquals(wrong.program, null);
 * assertEquals(wrong.errors.map(String), [
 *   'demo.txt:6:7: Unknown operation "pole": did you mean "poke"?',
 * ]);
 * ```
 */
export function parseProgram(
  text: string,
  file: string,
  targets: readonly TargetSpec[],
  options: ParseOptions = {},
): ParseResult {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const wrong = checkMagic(lines[0], text.trim() === "", file);
  if (wrong !== undefined) return { program: null, errors: [wrong], warnings: [] };
  const parser = new FileParser(file);
  for (let i = 1; i < lines.length; i++) parser.parseLine(lines[i], i + 1);
  return parser.finish(targets, options);
}

/** The error of the first line, if it has one. The rest of such a file is not read. */
function checkMagic(line: string, empty: boolean, file: string): ParseError | undefined {
  const fail = (column: number, message: string) =>
    new ParseError(file, { line: 1, column }, message);
  const right = `the first line must be "${MAGIC} ${VERSION}"`;
  if (empty) return fail(1, `Cannot read an empty file: ${right}`);
  const found = /^objcg-fuzz[ \t]+([0-9]+)[ \t]*$/.exec(line);
  if (found === null) return fail(1, `Cannot read file: ${right}, found ${quote(line)}`);
  const version = Number(found[1]);
  if (version === VERSION) return undefined;
  const column = line.indexOf(found[1]) + 1;
  if (version === 0) return fail(column, `Unknown version 0: ${right}`);
  return fail(
    column,
    `Cannot read version ${
      found[1]
    }: this objcg-fuzz reads version ${VERSION}, a newer one is needed`,
  );
}

function emptyProgram(): Program {
  return {
    title: "",
    links: [],
    target: DEFAULT_TARGET,
    cpus: 1,
    preempt: "full",
    expects: [],
    extra: [],
    comments: [],
    ops: [],
    schedule: null,
    scheduleComments: [],
    trailing: [],
  };
}

/** Reads the lines after the first, and attaches each comment to the element below it. */
class FileParser {
  readonly #file: string;
  readonly #program = emptyProgram();
  readonly #positions = new Positions();
  readonly #errors: ParseError[] = [];
  readonly #warnings: ParseError[] = [];
  readonly #headers = new HeaderParser(this.#program, this.#positions, this.#warnings);
  /** Names that unreadable operations seem to define. */
  readonly #unread: string[] = [];
  #section: "headers" | "operations" | "schedule" = "headers";
  #scheduleLine = 0;
  #orderSeen = false;
  #pending: string[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  parseLine(text: string, line: number): void {
    const cursor = new Cursor(this.#file, text, line);
    try {
      rejectControlCharacters(cursor);
      if (cursor.done) this.#pending.push("");
      else if (cursor.next.startsWith("#")) this.#pending.push(commentText(text));
      else this.#parseElement(cursor);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      this.#errors.push(error);
    }
  }

  finish(targets: readonly TargetSpec[], options: ParseOptions): ParseResult {
    const program = this.#program;
    program.comments = tidyComments(program.comments, true, true);
    program.scheduleComments = tidyComments(program.scheduleComments, true, false);
    program.trailing = tidyComments(this.#pending, true, true);
    const spec = targets.find((target) => target.name === program.target);
    const limits = limitsOf(spec ?? null);
    const errors = [...this.#errors, ...this.#headers.missing(this.#file, limits)];
    if (spec === undefined) {
      const names = targets.map((target) => target.name);
      const found = this.#positions.find(program, "target");
      const at = found.line === 0 ? { line: 1, column: 1 } : found;
      errors.push(new ParseError(this.#file, at, unknownWord("target", program.target, names)));
    }
    if (spec !== undefined) readFlags(program.ops, spec);
    const place = { file: this.#file, positions: this.#positions, unread: this.#unread };
    errors.push(...checkProgram(program, spec ?? null, { ...options, ...place }));
    errors.sort(byPosition);
    return { program: errors.length > 0 ? null : program, errors, warnings: this.#warnings };
  }

  #parseElement(cursor: Cursor): void {
    const startsSchedule = /^schedule\s*:/.test(cursor.rest);
    if (startsSchedule) return this.#startSchedule(cursor);
    if (this.#section === "schedule") return this.#parseScheduled(cursor);
    CPU_WORD.lastIndex = 0;
    if (CPU_WORD.test(cursor.rest)) return this.#parseOperation(cursor);
    if (this.#section === "operations") throw notAnOperation(cursor);
    // Headers are printed in a fixed order, so their comments move to the top.
    this.#program.comments.push(...this.#takePending());
    this.#headers.parse(cursor);
  }

  #parseOperation(cursor: Cursor): void {
    const first = this.#section === "headers";
    this.#section = "operations";
    const comments = tidyComments(this.#takePending(), first, false);
    try {
      const op = parseOperation(cursor, this.#positions);
      op.comments = comments;
      this.#program.ops.push(op);
    } catch (error) {
      const result = /([a-z]\w*)\s*=\s*\w+\s*\(/.exec(cursor.text);
      if (result !== null) this.#unread.push(result[1]);
      throw error;
    }
  }

  #startSchedule(cursor: Cursor): void {
    if (this.#section === "schedule") {
      throw cursor.error(`Duplicate schedule: line ${this.#scheduleLine} begins one already`);
    }
    this.#section = "schedule";
    this.#scheduleLine = cursor.line;
    this.#program.scheduleComments = this.#takePending();
    this.#positions.mark(this.#program, "schedule", cursor.at);
    // If the kind is unknown, the lines below are read as steps of a symbolic schedule.
    this.#program.schedule = { kind: "symbolic", steps: [] };
    cursor.match(/schedule\s*:/y);
    this.#program.schedule = parseScheduleLine(cursor);
  }

  #parseScheduled(cursor: Cursor): void {
    const schedule = this.#program.schedule!;
    if (schedule.kind === "symbolic") {
      const comments = tidyComments(this.#takePending(), schedule.steps.length === 0, false);
      const step = parseStep(cursor, this.#positions);
      step.comments = comments;
      schedule.steps.push(step);
      return;
    }
    // Events have no comments: the tool writes them, and a single event means nothing.
    this.#program.scheduleComments.push(...this.#takePending());
    if (cursor.next === "order" || !this.#orderSeen) {
      if (this.#orderSeen) throw cursor.error('Duplicate "order": the schedule has one already');
      this.#orderSeen = true;
      this.#positions.mark(this.#program, "order", cursor.at);
      schedule.order.push(...parseOrder(cursor));
    } else schedule.events.push(parseEvent(cursor, this.#positions));
  }

  #takePending(): string[] {
    const pending = this.#pending;
    this.#pending = [];
    return pending;
  }
}

/**
 * The error about a line among the operations that is none: a late header, or a wrong first word.
 */
function notAnOperation(cursor: Cursor): ParseError {
  const key = /^([A-Za-z][\w-]*)(?:\s+[^\s:(]+)?\s*:/.exec(cursor.rest)?.[1];
  if (key !== undefined && /^(boot|cpu\d*)$/.test(key)) return unexpectedColon(cursor, key);
  if (key !== undefined && misspelling(key, ["schedule"]) === undefined) {
    return cursor.error(
      `Cannot read header "${key}": headers must come before the first operation`,
    );
  }
  const word = /^[A-Za-z_]\w*/.exec(cursor.rest)?.[0] ?? cursor.next;
  const meant = misspelling(word, ["boot", "cpu0", "schedule:"]);
  const hint = meant === undefined ? 'expected "boot" or "cpuN"' : `did you mean "${meant}"?`;
  return cursor.error(`Cannot read operation: unknown word ${quote(word)}: ${hint}`);
}

/** Refuses characters that do not belong into a text file and would disturb a terminal. */
function rejectControlCharacters(cursor: Cursor): void {
  // deno-lint-ignore no-control-regex
  const found = /[\x00-\x08\x0a-\x1f\x7f\ufffd]/.exec(cursor.text);
  if (found === null) return;
  const what = found[0] === "\ufffd"
    ? "bytes that are not UTF-8"
    : `character ${codePoint(found[0])}`;
  throw cursor.error(`Cannot read ${what}: an input is plain text`, {
    line: cursor.line,
    column: found.index + 1,
  });
}
