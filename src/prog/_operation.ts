/**
 * The syntax of one operation: `cpuN  [context] [result =] name(arguments) [{fail K}] [= RET]`.
 *
 * The checks decide whether the words mean something for a target.
 *
 * @module
 */
import type { Cursor } from "./_cursor.ts";
import { ERRNO } from "./errno.ts";
import { quote, unknownWord } from "./errors.ts";
import { OR } from "./flags.ts";
import type { Positions } from "./positions.ts";
import { type Arg, BOOT, type Context, CONTEXTS, type Operation, type Position } from "./types.ts";

/** A legal name of a result. */
export const RESULT_NAME = /^[a-z][a-z0-9_]*$/;
/** Words that cannot name a result, because they have a meaning in the place of a name. */
export const RESERVED = /^(boot|cpu\d*|task|softirq|hardirq|nmi)$/;
/** The first word of an operation or a step. */
export const CPU_WORD = /(?:boot|cpu\d+)(?=\s|$)/y;

const NAME = /[A-Za-z_][A-Za-z0-9_]*(?![\w.])/y;
const CPU = /cpu\d+(?!\w)/y;
const ERRNO_NAME = /-E[A-Z0-9]+(?!\w)/y;

/** `boot` or `cpuN` as the number of a CPU. */
export function cpuNumber(word: string): number {
  return word === "boot" ? BOOT : Number(word.slice("cpu".length));
}

/** Reads one operation line. */
export function parseOperation(cursor: Cursor, positions: Positions): Operation {
  const at = cursor.at;
  const cpu = cpuNumber(cursor.match(CPU_WORD)!);
  const op: Operation = { cpu, context: "task", name: "", args: [], fail: [], comments: [], at };
  parseHead(cursor, op, positions);
  op.args = parseArgs(cursor, op.name);
  positions.mark(op, "fail", cursor.at);
  if (cursor.eat("{")) op.fail = parseFail(cursor);
  if (cursor.eat("=")) op.returns = parseReturn(cursor);
  cursor.finish("the operation");
  return op;
}

/**
 * Reads up to the name. What follows a word tells whether it is a context, a result or the name.
 */
function parseHead(cursor: Cursor, op: Operation, positions: Positions): void {
  let at = cursor.at;
  let word = expectName(cursor);
  if (cursor.next !== "=" && cursor.next !== "(") {
    op.context = toContext(word, cursor, at);
    positions.mark(op, "context", at);
    at = cursor.at;
    word = expectName(cursor);
  }
  if (cursor.eat("=")) {
    op.result = word;
    positions.mark(op, "result", at);
    at = cursor.at;
    word = expectName(cursor);
  }
  op.name = word;
  positions.mark(op, "name", at);
}

function expectName(cursor: Cursor): string {
  const name = cursor.match(NAME);
  if (name !== undefined) return name;
  throw cursor.error(`Cannot read operation: expected its name, found ${cursor.found()}`);
}

function toContext(word: string, cursor: Cursor, at: Position): Context {
  const context = CONTEXTS.find((known) => known === word);
  if (context !== undefined) return context;
  if (!/^[A-Za-z_]/.test(cursor.next)) {
    throw cursor.error(`Cannot read operation "${word}": expected "(", found ${cursor.found()}`);
  }
  throw cursor.error(unknownWord("context", word, CONTEXTS), at);
}

function parseArgs(cursor: Cursor, name: string): Arg[] {
  if (!cursor.eat("(")) {
    throw cursor.error(`Cannot read operation "${name}": expected "(", found ${cursor.found()}`);
  }
  const args: Arg[] = [];
  if (cursor.eat(")")) return args;
  do args.push(parseArg(cursor, name, args.length + 1)); while (cursor.eat(","));
  if (cursor.eat(")")) return args;
  throw cursor.error(
    `Cannot read arguments of "${name}": expected "," or ")", found ${cursor.found()}`,
  );
}

function parseArg(cursor: Cursor, name: string, index: number): Arg {
  const at = cursor.at;
  const value = cursor.integer();
  if (value !== undefined) return { kind: "int", value, at };
  const cpu = cursor.match(CPU);
  if (cpu !== undefined) return { kind: "cpu", cpu: cpuNumber(cpu), at };
  const ref = cursor.match(NAME);
  if (ref !== undefined) return { kind: "ref", name: ref + parseMoreWords(cursor, ref), at };
  throw cursor.error(
    `Cannot parse argument ${index} of "${name}": ${cursor.found()} is not a number, a name or a CPU`,
  );
}

/** Reads further words of flags, joined by "|". The operation says what they mean. */
function parseMoreWords(cursor: Cursor, first: string): string {
  let more = "";
  while (cursor.eat(OR)) {
    const word = cursor.match(NAME);
    if (word === undefined) {
      throw cursor.error(
        `Cannot read flags "${first}${more}|": expected a word, found ${cursor.found()}`,
      );
    }
    more += OR + word;
  }
  return more;
}

/** Reads `fail 1, 3}`. The numbers are sorted; a file may have them in any order. */
function parseFail(cursor: Cursor): number[] {
  if (cursor.match(/fail\b/y) === undefined) {
    throw cursor.error(`Cannot read option: expected "fail", found ${cursor.found()}`);
  }
  const fail: number[] = [];
  do {
    const at = cursor.at;
    const k = cursor.integer();
    if (k === undefined) {
      throw cursor.error(
        `Cannot read "fail": ${cursor.found()} is not the number of an allocation`,
      );
    }
    if (fail.includes(k)) throw cursor.error(`Duplicate allocation ${k} in "fail"`, at);
    fail.push(k);
  } while (cursor.eat(","));
  if (!cursor.eat("}")) {
    throw cursor.error(`Cannot read "fail": expected "," or "}", found ${cursor.found()}`);
  }
  return fail.sort((a, b) => a - b);
}

function parseReturn(cursor: Cursor): string {
  const at = cursor.at;
  const errno = cursor.match(ERRNO_NAME);
  if (errno !== undefined) {
    if (Object.hasOwn(ERRNO, errno.slice(1))) return errno;
    const known = Object.keys(ERRNO).map((name) => `-${name}`);
    throw cursor.error(unknownWord("error", errno, known), at);
  }
  const value = cursor.integer();
  if (value !== undefined) return String(value);
  throw cursor.error(
    `Cannot read return value: ${
      cursor.done ? cursor.found() : quote(cursor.next)
    } is not a number or an error such as "-ENOMEM"`,
  );
}
