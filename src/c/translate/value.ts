/**
 * A C expression in TypeScript: text, how strongly it binds, its type, and what is known of its value.
 *
 * An integer is a JavaScript number. Memory has cells of 32 bits, which read as signed, and sums leave
 * the 32 bits. So a value is `exact` if the number is the value that C has; otherwise it is equal to it
 * modulo 2^32 only, and is brought into the type before anything depends on that.
 *
 * @module
 */
import { BOOL, type CType, INT, type IntType, isInt, isPointer, sameType } from "../front/ctype.ts";

/** How strongly the operators of JavaScript bind. */
export const BIND = {
  comma: 0,
  assign: 1,
  conditional: 2,
  or: 3,
  and: 4,
  bitOr: 5,
  bitXor: 6,
  bitAnd: 7,
  equal: 8,
  less: 9,
  shift: 10,
  add: 11,
  multiply: 12,
  unary: 14,
  postfix: 15,
  call: 17,
  primary: 20,
} as const;

export interface Value {
  readonly code: string;
  readonly binds: number;
  readonly type: CType;
  readonly exact: boolean;
  /** The value, if it is a constant. */
  readonly constant?: number | boolean;
  /** A constant whose value is not known here, but is positive and small. */
  readonly small?: boolean;
  /** The address of the field that the expression loads, as TypeScript. */
  readonly address?: string;
  /** It is something that the model does not have; the value is that of the table. */
  readonly outside?: boolean;
  /** It is a variable of the function. */
  readonly local?: boolean;
  /** It was loaded from a cell: not exact, but zero only if C has zero. */
  readonly loaded?: boolean;
}

export function value(code: string, binds: number, type: CType, more: Partial<Value> = {}): Value {
  return { code, binds, type, exact: true, ...more };
}

export function constant(n: number | boolean, type: CType): Value {
  const code = String(n);
  const binds = typeof n === "number" && n < 0 ? BIND.unary : BIND.primary;
  return { code, binds, type, exact: true, constant: n };
}

/** The text as an operand of a bit operation: in brackets, if it has an operator of its own. */
export function bitOperand(v: Value): string {
  return inside(v, BIND.unary);
}

/** The text as an operand of a comparison: a shift is in brackets. */
export function compared(v: Value): string {
  return inside(v, BIND.add);
}

/** The text, in brackets if what is around it binds more strongly. */
export function inside(v: Value, binds: number): string {
  return v.binds < binds ? `(${v.code})` : v.code;
}

function wrapNumber(n: number, { bits, signed }: IntType): number {
  const big = signed ? BigInt.asIntN(bits, BigInt(n)) : BigInt.asUintN(bits, BigInt(n));
  return Number(big);
}

function fits(v: Value, to: IntType): boolean {
  if (!v.exact) return false;
  if (v.small) return to.bits >= 16;
  if (v.type.kind === "bool") return true;
  if (!isInt(v.type)) return true;
  const from = v.type;
  if (from.signed === to.signed) return from.bits <= to.bits;
  return !from.signed && from.bits < to.bits;
}

function toInt(v: Value, to: IntType): Value {
  if (typeof v.constant === "number") return constant(wrapNumber(v.constant, to), to);
  if (v.type.kind === "bool") return value(`Number(${v.code})`, BIND.call, to);
  if (fits(v, to)) return { ...v, type: to };
  const low = bitOperand(v);
  if (to.bits === 32 || to.bits === 64) {
    if (to.signed) return value(`${low} | 0`, BIND.bitOr, to);
    return value(`${low} >>> 0`, BIND.shift, to);
  }
  if (!to.signed) {
    return value(`${low} & ${2 ** to.bits - 1}`, BIND.bitAnd, to);
  }
  const by = 32 - to.bits;
  return value(`${low} << ${by} >> ${by}`, BIND.shift, to);
}

/** Bring a value into a type, as an assignment, an argument or a cast does. */
export function convert(v: Value, to: CType): Value {
  if (to.kind === "bool") return toBool(v);
  if (isInt(to)) {
    if (isInt(v.type) || v.type.kind === "bool") return toInt(v, to);
    return v;
  }
  if (isPointer(to) && v.constant === 0) return value("null", BIND.primary, to);
  return isPointer(to) && !isPointer(v.type)
    ? v
    : { ...v, type: to.kind === "unknown" ? v.type : to };
}

/** As `_Bool`: true if it is not zero. */
export function toBool(v: Value): Value {
  if (v.type.kind === "bool") return v;
  if (typeof v.constant === "number") return constant(v.constant !== 0, BOOL);
  if (isInt(v.type)) return value(`${inside(v, BIND.equal)} !== 0`, BIND.equal, BOOL);
  return value(`${inside(v, BIND.equal)} !== null`, BIND.equal, BOOL);
}

/** As a condition: whatever is true or false in JavaScript as it is in C. */
export function condition(v: Value): Value {
  if (typeof v.constant === "number") return constant(v.constant !== 0, BOOL);
  // A sum may be 2^32, which is zero in C.
  if (isInt(v.type) && !v.exact && !v.loaded) return convert(v, v.type);
  return v;
}

/** Into the type that it has, if it is an integer. */
export function exact(v: Value): Value {
  return isInt(v.type) ? convert(v, v.type) : v;
}

/** Whether two values can be compared with `===`: both are pointers. */
export function bothPointers(a: Value, b: Value): boolean {
  const isNull = (v: Value) => v.code === "null";
  const isInteger = (v: Value) => isInt(v.type) || v.type.kind === "bool";
  return isNull(a) || isNull(b) || (!isInteger(a) && !isInteger(b));
}

export { INT, sameType };
