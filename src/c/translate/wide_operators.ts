/**
 * Operators in types of 64 bits: those of JavaScript where the ranges of the operands allow it, calls of
 * wide.ts elsewhere.
 *
 * @module
 */
import { INT, type IntType } from "../front/ctype.ts";
import {
  BIND,
  bitOperand,
  CELL,
  convert,
  exact,
  inside,
  isWide,
  isWithin,
  lowBits,
  numberOf,
  prefixed,
  type Range,
  ranged,
  rangeOf,
  SAFE,
  type Value,
  value,
  wideCall,
} from "./value.ts";

const UNSIGNED_CELL: Range = [0, 2 ** 32 - 1];
/** The largest shift that the operators of JavaScript have. */
const MOST_SHIFTED = 31;

/** An operand: what is narrower is exact, what is not is right modulo 2^64. */
function operand(v: Value): Value {
  return v.type.kind === "bool" ? convert(v, INT) : isWide(v.type) ? v : exact(v);
}

function safe(least: number, most: number): Range | null {
  return isWithin([least, most], SAFE) ? [least, most] : null;
}

function span(of: readonly number[]): Range | null {
  return safe(Math.min(...of), Math.max(...of));
}

function rangeAfter(op: "+" | "-" | "*", x: Range | null, y: Range | null): Range | null {
  if (x === null || y === null) return null;
  if (op === "+") return safe(x[0] + y[0], x[1] + y[1]);
  if (op === "-") return safe(x[0] - y[1], x[1] - y[0]);
  return span(x.flatMap((a) => y.map((b) => a * b)));
}

const CALLS = {
  "+": "add64",
  "-": "sub64",
  "*": "mul64",
  "&": "and64",
  "|": "or64",
  "^": "xor64",
} as const;

/** A sum, a difference or a product. */
export function arithmetic(op: "+" | "-" | "*", a: Value, b: Value, type: IntType): Value {
  const [x, y] = [operand(a), operand(b)];
  const biased = a.biased || b.biased;
  const range = rangeAfter(op, rangeOf(x), rangeOf(y));
  if (range === null) return { ...wideCall(CALLS[op], [x, y], type), biased };
  const binds = op === "*" ? BIND.multiply : BIND.add;
  const code = `${inside(x, binds)} ${op} ${inside(y, binds + 1)}`;
  return { ...ranged(code, binds, type, range), biased };
}

/** A quotient or a remainder of two exact values of the type. */
export function division(op: "/" | "%", x: Value, y: Value, type: IntType): Value {
  const [r, s] = [rangeOf(x), rangeOf(y)];
  // The least `long` divided by -1 is not exact.
  if (r === null || s === null) return wideCall(op === "/" ? "div64" : "rem64", [x, y], type);
  const code = `${inside(x, BIND.multiply)} ${op} ${inside(y, BIND.multiply + 1)}`;
  const most = Math.max(-r[0], r[1]);
  const range: Range = r[0] >= 0 && s[0] >= 0 ? [0, most] : [-most, most];
  if (op === "%") return ranged(code, BIND.multiply, type, range);
  return ranged(`Math.trunc(${code})`, BIND.call, type, range);
}

/** The numbers with as many bits as these have. */
function bitRange(x: Range, y: Range): Range {
  if (x[0] < 0 || y[0] < 0) return CELL;
  return [0, 2 ** Math.ceil(Math.log2(Math.max(x[1], y[1]) + 1)) - 1];
}

/** `a & b` and its kin. */
export function bits(
  op: "&" | "|" | "^",
  a: Value,
  b: Value,
  type: IntType,
  binds: number,
): Value {
  const [x, y] = [operand(a), operand(b)];
  const biased = a.biased || b.biased;
  const [r, s] = [rangeOf(x), rangeOf(y)];
  const isCell = (range: Range | null): range is Range => range !== null && isWithin(range, CELL);
  if (op === "&") {
    const masks = [r, s].filter((m) => isCell(m) && m[0] >= 0).map((m) => m![1]);
    if (masks.length > 0) {
      const range: Range = [0, Math.min(...masks)];
      if (r === null || s === null) {
        return { ...wideCall(CALLS[op], [x, y], type), range, exact: true };
      }
      // A mask without a sign takes the same of what a cell holds as of what C has.
      const [l, m] = [a, b].map((v, i) => v.loaded ? v : [x, y][i]);
      return ranged(`${bitOperand(l)} & ${bitOperand(m)}`, binds, type, range);
    }
  }
  const code = `${bitOperand(x)} ${op} ${bitOperand(y)}`;
  if (isCell(r) && isCell(s)) return { ...ranged(code, binds, type, bitRange(r, s)), biased };
  return { ...wideCall(CALLS[op], [x, y], type), biased };
}

/** `a << b`, `a >> b`: in the type of `a`. */
export function shift(op: "<<" | ">>", a: Value, b: Value, type: IntType): Value {
  const { biased } = a;
  // A name of the model, such as PAGE_SHIFT, is small.
  const by = numberOf(b);
  const few = b.small ? MOST_SHIFTED : by !== null && by >= 0n && by < 64n ? Number(by) : null;
  const x = op === ">>" ? exact(a) : a;
  const range = rangeOf(x);
  const amount = isWide(b.type) ? lowBits(exact(b)) : exact(b);
  if (range === null || few === null) {
    const call = wideCall(op === "<<" ? "shl64" : "shr64", [x, amount], type);
    return { ...call, exact: op === ">>", biased };
  }
  if (op === ">>") return shiftRight(x, b, few, range, type);
  const after = b.small ? null : span(range.map((n) => n * 2 ** few));
  if (after === null) return { ...wideCall("shl64", [x, amount], type), biased };
  if (isWithin(after, CELL)) {
    const code = `${bitOperand(x)} << ${bitOperand(b)}`;
    return { ...ranged(code, BIND.shift, type, after), biased };
  }
  const code = `${inside(x, BIND.multiply)} * ${2 ** few}`;
  return { ...ranged(code, BIND.multiply, type, after), biased };
}

function shiftRight(x: Value, b: Value, few: number, range: Range, type: IntType): Value {
  const least = b.small ? 0 : few;
  const after: Range = [
    Math.min(0, Math.floor(range[0] / 2 ** least)),
    Math.max(0, Math.floor(range[1] / 2 ** least)),
  ];
  const js = isWithin(range, CELL) ? ">>" : isWithin(range, UNSIGNED_CELL) ? ">>>" : null;
  if (js === null || few > MOST_SHIFTED) {
    return { ...wideCall("shr64", [x, b], type), range: after, exact: true };
  }
  return ranged(`${bitOperand(x)} ${js} ${bitOperand(b)}`, BIND.shift, type, after);
}

/** `-a`, `~a`. */
export function unary(op: "-" | "~", a: Value, type: IntType): Value {
  const x = operand(a);
  const range = rangeOf(x);
  if (op === "~" && range !== null && isWithin(range, CELL)) {
    return ranged(prefixed("~", x), BIND.unary, type, [~range[1], ~range[0]]);
  }
  const from = value(op === "-" ? "0" : "-1", BIND.unary, type, {
    range: op === "-" ? [0, 0] : [-1, -1],
  });
  if (op === "-" && range !== null) {
    const after: Range = [-range[1], -range[0]];
    return { ...ranged(prefixed("-", x), BIND.unary, type, after), biased: a.biased };
  }
  return arithmetic("-", from, x, type);
}
