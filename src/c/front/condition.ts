/**
 * The value of the condition of an `#if`.
 *
 * @module
 */
import { readInteger } from "./integer.ts";

/** How a name is looked up: its value, or null if it is not defined. */
export type Lookup = (name: string) => number | null;

const TOKEN = /\s*(?:(\d[\w.]*)|([A-Za-z_]\w*)|(&&|\|\||==|!=|<=|>=|<<|>>|[-+*/%!~<>()?:,&|^]))/y;

/** Binary operators by how strongly they bind. */
const BINDS: Readonly<Record<string, number>> = {
  "||": 1,
  "&&": 2,
  "|": 3,
  "^": 4,
  "&": 5,
  "==": 6,
  "!=": 6,
  "<": 7,
  ">": 7,
  "<=": 7,
  ">=": 7,
  "<<": 8,
  ">>": 8,
  "+": 9,
  "-": 9,
  "*": 10,
  "/": 10,
  "%": 10,
};

function apply(op: string, a: number, b: number): number {
  switch (op) {
    case "||":
      return a || b ? 1 : 0;
    case "&&":
      return a && b ? 1 : 0;
    case "|":
      return a | b;
    case "^":
      return a ^ b;
    case "&":
      return a & b;
    case "==":
      return Number(a === b);
    case "!=":
      return Number(a !== b);
    case "<":
      return Number(a < b);
    case ">":
      return Number(a > b);
    case "<=":
      return Number(a <= b);
    case ">=":
      return Number(a >= b);
    case "<<":
      return a * 2 ** b;
    case ">>":
      return Math.floor(a / 2 ** b);
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return b === 0 ? 0 : Math.trunc(a / b);
    default:
      return b === 0 ? 0 : a % b;
  }
}

class Reader {
  #tokens: string[];
  #at = 0;
  readonly #lookup: Lookup;

  constructor(text: string, lookup: Lookup) {
    this.#lookup = lookup;
    this.#tokens = tokens(text);
  }

  get #next(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(): string {
    return this.#tokens[this.#at++] ?? "";
  }

  #expect(token: string): void {
    if (this.#take() !== token) throw new SyntaxError(`expected "${token}" in the condition`);
  }

  whole(): number {
    const value = this.#conditional();
    if (this.#next !== undefined) throw new SyntaxError(`"${this.#next}" in the condition`);
    return value;
  }

  #conditional(): number {
    const test = this.#binary(1);
    if (this.#next !== "?") return test;
    this.#take();
    const yes = this.#conditional();
    this.#expect(":");
    const no = this.#conditional();
    return test ? yes : no;
  }

  #binary(least: number): number {
    let left = this.#unary();
    for (let op = this.#next; op !== undefined && BINDS[op] >= least; op = this.#next) {
      this.#take();
      left = apply(op, left, this.#binary(BINDS[op] + 1));
    }
    return left;
  }

  #unary(): number {
    const token = this.#take();
    if (token === "!") return this.#unary() ? 0 : 1;
    if (token === "-") return -this.#unary();
    if (token === "+") return this.#unary();
    if (token === "~") return ~this.#unary();
    if (token === "(") {
      const value = this.#conditional();
      this.#expect(")");
      return value;
    }
    if (/^\d/.test(token)) return Number(readInteger(token).value);
    if (/^[A-Za-z_]/.test(token)) return this.#name(token);
    throw new SyntaxError(`"${token}" in the condition`);
  }

  #name(name: string): number {
    if (name === "defined") {
      const bracket = this.#next === "(";
      if (bracket) this.#take();
      const defined = this.#lookup(this.#take()) !== null;
      if (bracket) this.#expect(")");
      return Number(defined);
    }
    if (this.#next !== "(") return this.#lookup(name) ?? 0;
    // IS_ENABLED(CONFIG_X) and its kin; a macro with arguments that is none of them is not known here.
    let depth = 0;
    const inside: string[] = [];
    do {
      const token = this.#take();
      if (token === "") throw new SyntaxError(`a bracket is missing in the condition`);
      depth += token === "(" ? 1 : token === ")" ? -1 : 0;
      inside.push(token);
    } while (depth > 0);
    if (/^IS_(ENABLED|BUILTIN|REACHABLE)$/.test(name)) return this.#lookup(inside[1]) ? 1 : 0;
    return 0;
  }
}

function tokens(text: string): string[] {
  const all: string[] = [];
  TOKEN.lastIndex = 0;
  const trimmed = text.trimEnd();
  while (TOKEN.lastIndex < trimmed.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(trimmed);
    if (match === null) throw new SyntaxError(`"${trimmed.slice(at).trim()}" in the condition`);
    all.push(match[1] ?? match[2] ?? match[3]);
  }
  return all;
}

/** Evaluate the condition of an `#if`; throws a SyntaxError that says what is wrong. */
export function evaluateCondition(text: string, lookup: Lookup): boolean {
  return new Reader(text, lookup).whole() !== 0;
}
