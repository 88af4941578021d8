/**
 * Operators on values, with C's integer semantics.
 *
 * @module
 */
import {
  BOOL,
  type CType,
  INT,
  isInt,
  isNumber,
  isPointer,
  promote,
  usual,
} from "../front/ctype.ts";
import {
  BIND,
  bitOperand,
  bothPointers,
  compared,
  condition,
  constant,
  convert,
  exact,
  inside,
  isWide,
  lowBits,
  numberOf,
  prefixed,
  type Range,
  rangeOf,
  type Value,
  value,
  wrapped,
} from "./value.ts";
import * as wide from "./wide_operators.ts";

/** What an operator makes of its operands, or why it cannot. */
export type Result = Value | string;

const LESS = ["<", ">", "<=", ">="];
const BITS: Readonly<Record<string, number>> = {
  "&": BIND.bitAnd,
  "|": BIND.bitOr,
  "^": BIND.bitXor,
};

const FOLDS: Readonly<Record<string, (x: bigint, y: bigint) => bigint>> = {
  "+": (x, y) => x + y,
  "-": (x, y) => x - y,
  "*": (x, y) => x * y,
  "&": (x, y) => x & y,
  "|": (x, y) => x | y,
  "^": (x, y) => x ^ y,
  "<<": (x, y) => x << y,
  ">>": (x, y) => x >> y,
  "/": (x, y) => x / y,
  "%": (x, y) => x % y,
};

/** What two constants make, in a type; null if one is none, or if C has no result. */
function fold(op: string, a: Value, b: Value, type: CType): Value | null {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x === null || y === null || !isInt(type)) return null;
  const isShift = op === "<<" || op === ">>";
  if (isShift && (y < 0n || y >= BigInt(type.bits))) return null;
  const [l, r] = isShift ? [x, y] : [x, y].map((n) => BigInt(wrapped(n, type)));
  if ((op === "/" || op === "%") && r === 0n) return null;
  return constant(wrapped(FOLDS[op](l, r), type), type);
}

/** A constant as an expression of others, where JavaScript comes to the same. */
function asWritten(folded: Value, js: number, code: string, binds: number): Value {
  return folded.constant === js ? { ...folded, code, binds } : folded;
}

/** What JavaScript makes of two constants that are numbers; NaN if one is none. */
function bitsOf(op: string, a: Value, b: Value): number {
  const [x, y] = [a.constant, b.constant];
  if (typeof x !== "number" || typeof y !== "number") return NaN;
  switch (op) {
    case "&":
      return x & y;
    case "|":
      return x | y;
    case "^":
      return x ^ y;
    case "<<":
      return x << y;
    default:
      return x >> y;
  }
}

const COMPARES: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
};

function compareConstants(op: string, a: Value, b: Value): Value | null {
  if (numberOf(a) === null || numberOf(b) === null) return null;
  const [x, y] = meet(a, b);
  return constant(COMPARES[op](numberOf(x)!, numberOf(y)!), BOOL);
}

function compare(op: string, a: Value, b: Value): Result {
  const known = compareConstants(op, a, b);
  if (known !== null) return known;
  if (op === "==" || op === "!=") {
    const js = `${op}=`;
    if (isPointer(a.type) !== isPointer(b.type) && (a.constant === 0 || b.constant === 0)) {
      const p = a.constant === 0 ? b : a;
      return value(`${inside(p, BIND.equal)} ${js} null`, BIND.equal, BOOL);
    }
    if (bothPointers(a, b)) {
      return value(`${inside(a, BIND.equal)} ${js} ${inside(b, BIND.equal + 1)}`, BIND.equal, BOOL);
    }
    const [x, y] = meet(a, b);
    return value(`${compared(x)} ${js} ${compared(y)}`, BIND.equal, BOOL);
  }
  if (!isNumber(a.type) || !isNumber(b.type)) return "pointers have no order in the model";
  const [x, y] = meet(a, b);
  return value(`${compared(x)} ${op} ${compared(y)}`, BIND.less, BOOL);
}

/** Both in the type in which C compares them. */
function meet(a: Value, b: Value): [Value, Value] {
  const type = usual(a.type, b.type);
  return [convert(a, type), convert(b, type)];
}

function shift(op: string, a: Value, b: Value): Value {
  const type = promote(a.type);
  const folded = fold(op, a, b, type);
  if (folded !== null) {
    const code = `${bitOperand(a)} ${op} ${bitOperand(b)}`;
    return asWritten(folded, bitsOf(op, a, b), code, BIND.shift);
  }
  if (isWide(type)) return wide.shift(op as "<<" | ">>", a, b, type);
  const unsigned = isInt(type) && !type.signed;
  const js = op === ">>" && unsigned ? ">>>" : op;
  const code = `${bitOperand(a)} ${js} ${bitOperand(lowBits(b))}`;
  return value(code, BIND.shift, type, { exact: !unsigned || js === ">>>" });
}

function bits(op: string, a: Value, b: Value): Value {
  const type = usual(a.type, b.type);
  const binds = BITS[op];
  const code = `${bitOperand(a)} ${op} ${bitOperand(b)}`;
  const folded = fold(op, a, b, type);
  if (folded !== null) return asWritten(folded, bitsOf(op, a, b), code, binds);
  // A flag that nothing in the model has.
  if (op === "&" && (a.outside || b.outside)) return { ...constant(0, type), outside: true };
  if (isWide(type)) return wide.bits(op as "&" | "|" | "^", a, b, type, binds);
  const positive = (v: Value) =>
    v.small || (typeof v.constant === "number" && v.constant >= 0 && v.constant < 2 ** 31);
  const isSmall = op === "&" ? positive(a) || positive(b) : positive(a) && positive(b);
  const isSigned = isInt(type) && type.signed;
  return value(code, binds, type, {
    exact: isSigned || isSmall,
    small: isSmall && a.small && b.small,
  });
}

function arithmetic(op: string, a: Value, b: Value): Result {
  const type = usual(a.type, b.type);
  if (!isInt(type)) return "arithmetic on something that is no integer";
  const folded = fold(op, a, b, type);
  if (folded !== null) return folded;
  if (op === "/" || op === "%") {
    const [x, y] = meet(a, b);
    if (isWide(type)) return wide.division(op, x, y, type);
    const code = `${inside(x, BIND.multiply)} ${op} ${inside(y, BIND.multiply + 1)}`;
    if (op === "%") return value(code, BIND.multiply, type);
    return value(`Math.trunc(${code})`, BIND.call, type);
  }
  if (isWide(type)) return wide.arithmetic(op as "+" | "-" | "*", a, b, type);
  if (op === "*") {
    return value(`Math.imul(${a.code}, ${b.code})`, BIND.call, type, { exact: type.signed });
  }
  const isOffset = (x: Value, y: Value) => x.small && (y.small || y.constant === 1);
  const code = `${inside(a, BIND.add)} ${op} ${inside(b, BIND.add + 1)}`;
  return value(code, BIND.add, type, isOffset(a, b) ? { small: true } : { exact: false });
}

function logical(op: "&&" | "||", a: Value, b: Value): Value {
  const [x, y] = [condition(a), condition(b)];
  const decides = op === "||";
  if (typeof x.constant === "boolean") return x.constant === decides ? x : y;
  if (y.constant === !decides) return x;
  const binds = decides ? BIND.or : BIND.and;
  return value(`${inside(x, binds)} ${op} ${inside(y, binds + 1)}`, binds, BOOL);
}

/** The value of `a op b`, or why there is none. */
export function binary(op: string, a: Value, b: Value): Result {
  if (op === "&&" || op === "||") return logical(op, a, b);
  if (op === "==" || op === "!=" || LESS.includes(op)) return compare(op, a, b);
  const known = (v: Value) => isNumber(v.type) || v.type.kind === "unknown";
  if (!known(a) || !known(b)) return `"${op}" on a pointer`;
  const [x, y] = [a, b].map((v) => v.type.kind === "unknown" ? { ...v, type: INT } : v);
  if (op === "<<" || op === ">>") return shift(op, x, y);
  if (op in BITS) return bits(op, x, y);
  return arithmetic(op, x, y);
}

/** The value of `!a`, `-a`, `~a`. */
export function unary(op: string, a: Value): Result {
  if (op === "!") {
    const x = condition(a);
    if (typeof x.constant === "boolean") return constant(!x.constant, BOOL);
    return value(`!${inside(x, BIND.unary)}`, BIND.unary, BOOL);
  }
  if (!isNumber(a.type)) return `"${op}" on something that is no integer`;
  const type = promote(a.type);
  const v = a.type.kind === "bool" ? convert(a, INT) : a;
  if (op === "+") return convert(exact(v), type);
  const n = numberOf(v);
  if (n !== null && isInt(type)) {
    const made = constant(wrapped(op === "-" ? -n : ~n, type), type);
    const js = typeof v.constant !== "number" ? NaN : op === "-" ? -v.constant : ~v.constant;
    return asWritten(made, js, prefixed(op, v), BIND.unary);
  }
  if (isWide(type)) return wide.unary(op as "-" | "~", v, type);
  const signed = isInt(type) && type.signed;
  const code = prefixed(op, v);
  // -ENOMEM: a constant of the model that is small.
  return value(code, BIND.unary, type, { exact: v.small === true || (signed && op === "~") });
}

/** The value of `test ? yes : no`. */
export function conditional(test: Value, yes: Value, no: Value): Value {
  const c = condition(test);
  if (typeof c.constant === "boolean") return chosen(c.constant, yes, no);
  const isPointers = bothPointers(yes, no);
  const type = isPointers ? (yes.code === "null" ? no.type : yes.type) : usual(yes.type, no.type);
  const sameBool = yes.type.kind === "bool" && no.type.kind === "bool";
  const [x, y] = isPointers || sameBool
    ? [yes, no]
    : [convert(exact(yes), type), convert(exact(no), type)];
  const code = `${inside(c, BIND.or)} ? ${inside(x, BIND.assign)} : ${inside(y, BIND.assign)}`;
  if (sameBool) return value(code, BIND.conditional, BOOL);
  return value(code, BIND.conditional, type, { range: isWide(type) ? union(x, y) : undefined });
}

/** One of two, in the type that both have. */
function chosen(isYes: boolean, yes: Value, no: Value): Value {
  const v = isYes ? yes : no;
  return isInt(yes.type) && isInt(no.type) ? convert(exact(v), usual(yes.type, no.type)) : v;
}

function union(a: Value, b: Value): Range | undefined {
  const [x, y] = [rangeOf(a), rangeOf(b)];
  if (x === null || y === null) return undefined;
  return [Math.min(x[0], y[0]), Math.max(x[1], y[1])];
}

/** `a ?: b` of integers. */
export function orElse(a: Value, b: Value): Value {
  const type = usual(a.type, b.type);
  const [x, y] = [convert(exact(a), type), convert(exact(b), type)];
  return value(`${inside(x, BIND.or)} || ${inside(y, BIND.or + 1)}`, BIND.or, type);
}
