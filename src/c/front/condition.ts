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

/** As the preprocessor computes: with 64 bits and a sign. */
function wrap(n: bigint): bigint {
  return BigInt.asIntN(64, n);
}

function apply(op: string, a: bigint, b: bigint): bigint {
  switch (op) {
    case "||":
      return BigInt(a !== 0n || b !== 0n);
    case "&&":
      return BigInt(a !== 0n && b !== 0n);
    case "|":
      return a | b;
    case "^":
      return a ^ b;
    case "&":
      return a & b;
    case "==":
      return BigInt(a === b);
    case "!=":
      return BigInt(a !== b);
    case "<":
      return BigInt(a < b);
    case ">":
      return BigInt(a > b);
    case "<=":
      return BigInt(a <= b);
    case ">=":
      return BigInt(a >= b);
    case "<<":
      return wrap(a << b);
    case ">>":
      return a >> b;
    case "+":
      return wrap(a + b);
    case "-":
      return wrap(a - b);
    case "*":
      return wrap(a * b);
    case "/":
      return b === 0n ? 0n : wrap(a / b);
    default:
      return b === 0n ? 0n : a % b;
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

  whole(): bigint {
    const value = this.#conditional();
    if (this.#next !== undefined) throw new SyntaxError(`"${this.#next}" in the condition`);
    return value;
  }

  #conditional(): bigint {
    const test = this.#binary(1);
    if (this.#next !== "?") return test;
    this.#take();
    const yes = this.#conditional();
    this.#expect(":");
    const no = this.#conditional();
    return test !== 0n ? yes : no;
  }

  #binary(least: number): bigint {
    let left = this.#unary();
    for (let op = this.#next; op !== undefined && BINDS[op] >= least; op = this.#next) {
      this.#take();
      left = apply(op, left, this.#binary(BINDS[op] + 1));
    }
    return left;
  }

  #unary(): bigint {
    const token = this.#take();
    if (token === "!") return BigInt(this.#unary() === 0n);
    if (token === "-") return wrap(-this.#unary());
    if (token === "+") return this.#unary();
    if (token === "~") return ~this.#unary();
    if (token === "(") {
      const value = this.#conditional();
      this.#expect(")");
      return value;
    }
    if (/^\d/.test(token)) return wrap(readInteger(token).value);
    if (/^[A-Za-z_]/.test(token)) return this.#name(token);
    throw new SyntaxError(`"${token}" in the condition`);
  }

  #name(name: string): bigint {
    if (name === "defined") {
      const bracket = this.#next === "(";
      if (bracket) this.#take();
      const defined = this.#lookup(this.#take()) !== null;
      if (bracket) this.#expect(")");
      return BigInt(defined);
    }
    if (this.#next !== "(") return BigInt(this.#lookup(name) ?? 0);
    // IS_ENABLED(CONFIG_X) and its kin; a macro with arguments that is none of them is not known here.
    let depth = 0;
    const inside: string[] = [];
    do {
      const token = this.#take();
      if (token === "") throw new SyntaxError(`a bracket is missing in the condition`);
      depth += token === "(" ? 1 : token === ")" ? -1 : 0;
      inside.push(token);
    } while (depth > 0);
    if (/^IS_(ENABLED|BUILTIN|REACHABLE)$/.test(name)) {
      return BigInt(Boolean(this.#lookup(inside[1])));
    }
    return 0n;
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
  return new Reader(text, lookup).whole() !== 0n;
}
