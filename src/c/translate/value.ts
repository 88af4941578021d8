/**
 * A C expression in TypeScript: text, how strongly it binds, its type, and what is known of its value.
 *
 * An integer of up to 32 bits is a JavaScript number. Memory has cells of 32 bits, which read as signed,
 * and sums leave the 32 bits. So a value is `exact` if the number is the value that C has; otherwise it
 * is equal to it modulo 2^32 only (2^64 for a type of 64 bits), and is brought into the type before
 * anything depends on that.
 *
 * An integer of 64 bits is a number or a BigInt, as wide.ts has them. Where its range is known to be
 * safe it is a number, and the operators of JavaScript do.
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

/** The least and the largest number that a value can be; both are safe integers. */
export type Range = readonly [number, number];

export interface Value {
  readonly code: string;
  readonly binds: number;
  readonly type: CType;
  readonly exact: boolean;
  /** The value, if it is a constant: a BigInt if a number cannot hold it. */
  readonly constant?: number | bigint | boolean;
  /** Between which numbers the text is, if that is known better than from its type. */
  readonly range?: Range;
  /** It has the bias of a percpu_ref in it, which is the top bit of a cell, not of a `long`. */
  readonly biased?: boolean;
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

export function constant(n: number | bigint | boolean, type: CType): Value {
  const code = typeof n === "bigint" ? `${n}n` : String(n);
  const binds = typeof n !== "boolean" && n < 0 ? BIND.unary : BIND.primary;
  return { code, binds, type, exact: true, constant: n };
}

/** The number of a constant, or null. */
export function numberOf(v: Value): bigint | null {
  return v.constant === undefined ? null : BigInt(v.constant);
}

/** Functions of wide.ts. */
export const INTEGER_CALLS = [
  ...["u64", "s64", "low32", "add64", "sub64", "mul64", "div64", "rem64", "and64", "or64", "xor64"],
  ...["shl64", "shr64", "max64", "min64", "abs64"],
] as const;
/** Functions of the machine that take such integers. */
export const CELL_CALLS = ["cell64", "number64"] as const;
export const WIDE_CALLS: readonly string[] = [...INTEGER_CALLS, ...CELL_CALLS];

/** A call of one of them. */
export function wideCall(
  name: (typeof INTEGER_CALLS | typeof CELL_CALLS)[number],
  args: readonly Value[],
  type: CType,
): Value {
  const code = `${name}(${args.map((v) => inside(v, BIND.assign)).join(", ")})`;
  return value(code, BIND.call, type, { exact: false });
}

/** The text as an operand of a bit operation: in brackets, if it has an operator of its own. */
export function bitOperand(v: Value): string {
  return inside(v, BIND.unary);
}

/** The text as an operand of a comparison: a shift is in brackets. */
export function compared(v: Value): string {
  return inside(v, BIND.add);
}

/** The text with `-` or `~` in front. */
export function prefixed(op: string, v: Value): string {
  const text = inside(v, BIND.unary);
  return text.startsWith(op) ? `${op}(${text})` : op + text;
}

/** The text, in brackets if what is around it binds more strongly. */
export function inside(v: Value, binds: number): string {
  return v.binds < binds ? `(${v.code})` : v.code;
}

/** What a number is in a type. */
export function wrapped(n: bigint, { bits, signed }: IntType): number | bigint {
  const big = signed ? BigInt.asIntN(bits, n) : BigInt.asUintN(bits, n);
  const small = Number(big);
  return Number.isSafeInteger(small) ? small : big;
}

/** A cell of memory. */
export const CELL: Range = [-(2 ** 31), 2 ** 31 - 1];
/** All that is a number for sure. */
export const SAFE: Range = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
const SMALL: Range = [0, 2 ** 16 - 1];
/** Sums of integers of 32 bits, which have not been brought into their type. */
const SUM: Range = [-(2 ** 45), 2 ** 45];

/** The values of a type, if all of them are numbers. */
function typeRange({ bits, signed }: IntType): Range | null {
  if (bits === 64) return null;
  return signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
}

/** Between which numbers a value is for sure; null if it may be a BigInt. */
export function rangeOf(v: Value): Range | null {
  if (typeof v.constant === "bigint") return null;
  if (typeof v.constant === "number") return [v.constant, v.constant];
  if (v.range !== undefined) return v.range;
  if (v.type.kind === "bool") return [0, 1];
  if (v.small) return SMALL;
  if (v.loaded) return CELL;
  if (!isInt(v.type)) return SUM;
  if (v.type.bits === 64) return null;
  return v.exact ? typeRange(v.type) : SUM;
}

export function isWithin([least, most]: Range, [from, to]: Range): boolean {
  return from <= least && most <= to;
}

/** Whether a value is in a cell as it is: its lowest 32 bits say all. */
export function fitsCell(v: Value): boolean {
  const range = rangeOf(v);
  return range !== null && isWithin(range, CELL);
}

export function isWide(t: CType): t is IntType & { readonly bits: 64 } {
  return isInt(t) && t.bits === 64;
}

/** Whether the text is the value that C has, in a type of 64 bits. */
function isExactIn(range: Range, { signed }: IntType): boolean {
  return signed || range[0] >= 0;
}

/** A value of 64 bits whose range is known. */
export function ranged(code: string, binds: number, type: IntType, range: Range): Value {
  return value(code, binds, type, { range, exact: isExactIn(range, type) });
}

function fits(v: Value, to: IntType): boolean {
  if (!v.exact) return false;
  if (v.small) return to.bits >= 16;
  if (v.type.kind === "bool") return true;
  if (!isInt(v.type)) return true;
  const [range, bounds] = [v.range, typeRange(to)];
  if (range !== undefined && bounds !== null && isWithin(range, bounds)) return true;
  const from = v.type;
  if (from.signed === to.signed) return from.bits <= to.bits;
  return !from.signed && from.bits < to.bits;
}

/** Into a type of 64 bits. */
function toWide(v: Value, to: IntType): Value {
  const from = isWide(v.type) ? v : exact(v);
  const range = rangeOf(from);
  if (range !== null && isExactIn(range, to)) return { ...from, type: to, exact: true, range };
  return { ...wideCall(to.signed ? "s64" : "u64", [from], to), exact: true, biased: v.biased };
}

/** The lowest 32 bits of it as a number, for the operators of JavaScript. */
export function lowBits(v: Value): Value {
  return rangeOf(v) === null ? { ...wideCall("low32", [v], INT), exact: true } : v;
}

function toInt(v: Value, to: IntType): Value {
  if (typeof v.constant === "number" || typeof v.constant === "bigint") {
    const n = wrapped(BigInt(v.constant), to);
    return n === v.constant ? { ...v, type: to } : constant(n, to);
  }
  if (typeof v.constant === "boolean") return constant(Number(v.constant), to);
  if (v.type.kind === "bool") return value(`Number(${v.code})`, BIND.call, to, { range: [0, 1] });
  if (fits(v, to)) {
    const range = to.bits === 64 ? rangeOf(v) ?? undefined : v.range;
    return { ...v, type: to, range };
  }
  if (to.bits === 64) return toWide(v, to);
  const low = bitOperand(lowBits(v));
  if (to.bits === 32) {
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
  const n = numberOf(v);
  if (n !== null) return constant(n !== 0n, BOOL);
  if (isInt(v.type)) return value(`${inside(condition(v), BIND.equal)} !== 0`, BIND.equal, BOOL);
  return value(`${inside(v, BIND.equal)} !== null`, BIND.equal, BOOL);
}

/** As a condition: whatever is true or false in JavaScript as it is in C. */
export function condition(v: Value): Value {
  const n = numberOf(v);
  if (n !== null) return constant(n !== 0n, BOOL);
  if (!isInt(v.type) || v.exact || v.loaded) return v;
  // A sum may be 2^32, or 2^64, which is zero in C.
  return isWide(v.type) && rangeOf(v) !== null ? v : convert(v, v.type);
}

/** For a cell of 64 bits in C, modulo 2^64: what does not fit is reported when it is stored. */
export function toCell(v: Value): Value {
  const to = isWide(v.type) ? v : convert(exact(v), v.type.kind === "bool" ? INT : v.type);
  if (fitsCell(to)) return to;
  if (v.biased) return value(`${bitOperand(lowBits(to))} | 0`, BIND.bitOr, to.type);
  return wideCall("cell64", [to], to.type);
}

/** For a function of the model, which takes numbers: what is none is reported. */
export function toNumber(v: Value): Value {
  return rangeOf(v) === null ? wideCall("number64", [v], v.type) : v;
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
