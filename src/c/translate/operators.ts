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
  type Value,
  value,
} from "./value.ts";

/** What an operator makes of its operands, or why it cannot. */
export type Result = Value | string;

const LESS = ["<", ">", "<=", ">="];
const BITS: Readonly<Record<string, number>> = {
  "&": BIND.bitAnd,
  "|": BIND.bitOr,
  "^": BIND.bitXor,
};

function fold(op: string, a: Value, b: Value, type: CType): Value | null {
  const [x, y] = [a.constant, b.constant];
  if (typeof x !== "number" || typeof y !== "number") return null;
  const of: Record<string, number> = {
    "+": x + y,
    "-": x - y,
    "*": x * y,
    "&": x & y,
    "|": x | y,
    "^": x ^ y,
    "<<": x * 2 ** y,
    ">>": Math.floor(x / 2 ** y),
    "/": Math.trunc(x / y),
    "%": x % y,
  };
  return op in of ? convert(constant(of[op], INT), type) : null;
}

const COMPARES: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
};

function compare(op: string, a: Value, b: Value): Result {
  if (typeof a.constant === "number" && typeof b.constant === "number") {
    return constant(COMPARES[op](a.constant, b.constant), BOOL);
  }
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
    return {
      ...folded,
      code: `${bitOperand(a)} ${op} ${bitOperand(b)}`,
      binds: BIND.shift,
    };
  }
  const unsigned = isInt(type) && !type.signed;
  const js = op === ">>" && unsigned ? ">>>" : op;
  const code = `${bitOperand(a)} ${js} ${bitOperand(b)}`;
  return value(code, BIND.shift, type, { exact: !unsigned || js === ">>>" });
}

function bits(op: string, a: Value, b: Value): Value {
  const type = usual(a.type, b.type);
  const binds = BITS[op];
  const code = `${bitOperand(a)} ${op} ${bitOperand(b)}`;
  const folded = fold(op, a, b, type);
  if (folded !== null) return { ...folded, code, binds };
  // A flag that nothing in the model has.
  if (op === "&" && (a.outside || b.outside)) return { ...constant(0, type), outside: true };
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
    const code = `${inside(x, BIND.multiply)} ${op} ${inside(y, BIND.multiply + 1)}`;
    if (op === "%") return value(code, BIND.multiply, type);
    return value(`Math.trunc(${code})`, BIND.call, type);
  }
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
  if (op === "+") return { ...v, type };
  if (typeof v.constant === "number") {
    const made = convert(constant(op === "-" ? -v.constant : ~v.constant, INT), type);
    return { ...made, code: op + inside(v, BIND.unary), binds: BIND.unary };
  }
  const signed = isInt(type) && type.signed;
  const code = `${op}${inside(v, BIND.unary)}`;
  // -ENOMEM: a constant of the model that is small.
  return value(code, BIND.unary, type, { exact: v.small === true || (signed && op === "~") });
}

/** The value of `test ? yes : no`. */
export function conditional(test: Value, yes: Value, no: Value): Value {
  const c = condition(test);
  if (typeof c.constant === "boolean") return c.constant ? yes : no;
  const isPointers = bothPointers(yes, no);
  const type = isPointers ? (yes.code === "null" ? no.type : yes.type) : usual(yes.type, no.type);
  const sameBool = yes.type.kind === "bool" && no.type.kind === "bool";
  const [x, y] = isPointers || sameBool
    ? [yes, no]
    : [convert(exact(yes), type), convert(exact(no), type)];
  const code = `${inside(c, BIND.or)} ? ${inside(x, BIND.assign)} : ${inside(y, BIND.assign)}`;
  return value(code, BIND.conditional, sameBool ? BOOL : type);
}
