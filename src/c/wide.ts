/**
 * Integers of 64 bits, for translated code.
 *
 * A number that JavaScript cannot hold exactly is a BigInt, and only such a number is one. So two
 * integers are equal if `===` says so, and `<` and `!` work as they are. The operators here take
 * integers and give integers, without a bound; {@linkcode u64} and {@linkcode s64} wrap them.
 *
 * NaN is a value that was never written: it stays what it is.
 *
 * @module
 */

/** An integer of any size. */
export type Integer = number | bigint;

const BITS = 64;
/** Up to here, the operators of JavaScript for bits are right. */
const INT_MAX = 0x7fffffff;

function narrow(n: bigint): Integer {
  const small = Number(n);
  return Number.isSafeInteger(small) ? small : n;
}

/** For two numbers of which one is a BigInt, or whose result is none that a number can hold. */
function wide(a: Integer, b: Integer, op: (a: bigint, b: bigint) => bigint): Integer {
  if (a !== a || b !== b) return NaN;
  return narrow(op(BigInt(a), BigInt(b)));
}

/** As an `unsigned long` of 64 bits. */
export function u64(n: Integer): Integer {
  if (typeof n === "number" && !(n < 0)) return n;
  return narrow(BigInt.asUintN(BITS, BigInt(n)));
}

/** As a `long` of 64 bits. */
export function s64(n: Integer): Integer {
  return typeof n === "number" ? n : narrow(BigInt.asIntN(BITS, n));
}

/** The lowest 32 bits, as a signed number. */
export function low32(n: Integer): number {
  return typeof n === "number" ? n | 0 : Number(BigInt.asIntN(32, n));
}

export function add64(a: Integer, b: Integer): Integer {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return wide(a, b, (x, y) => x + y);
}

export function sub64(a: Integer, b: Integer): Integer {
  if (typeof a === "number" && typeof b === "number") {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return wide(a, b, (x, y) => x - y);
}

export function mul64(a: Integer, b: Integer): Integer {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    // -0 is no integer of C.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return wide(a, b, (x, y) => x * y);
}

/** A quotient, towards zero; as in JavaScript, nothing stops at a division by zero. */
export function div64(a: Integer, b: Integer): Integer {
  if (typeof a === "number" && typeof b === "number") return Math.trunc(a / b) + 0;
  return b === 0 ? NaN : wide(a, b, (x, y) => x / y);
}

/** A remainder with the sign of the dividend. */
export function rem64(a: Integer, b: Integer): Integer {
  if (typeof a === "number" && typeof b === "number") return a % b + 0;
  return b === 0 ? NaN : wide(a, b, (x, y) => x % y);
}

function isWord(n: Integer): n is number {
  return typeof n === "number" && (n | 0) === n;
}

export function and64(a: Integer, b: Integer): Integer {
  if (isWord(a) && isWord(b)) return a & b;
  return wide(a, b, (x, y) => x & y);
}

export function or64(a: Integer, b: Integer): Integer {
  return isWord(a) && isWord(b) ? a | b : wide(a, b, (x, y) => x | y);
}

export function xor64(a: Integer, b: Integer): Integer {
  return isWord(a) && isWord(b) ? a ^ b : wide(a, b, (x, y) => x ^ y);
}

/** To the left by 0 to 63 bits. */
export function shl64(a: Integer, by: Integer): Integer {
  if (typeof a === "number" && typeof by === "number") {
    const shifted = a * 2 ** by;
    if (Number.isSafeInteger(shifted)) return shifted;
  }
  return wide(a, by, (x, y) => x << y);
}

/** To the right: the sign comes in, as it does in a `long`. */
export function shr64(a: Integer, by: Integer): Integer {
  if (typeof a === "number" && typeof by === "number") {
    return a >= 0 && a <= INT_MAX && by <= 31 ? a >> by : Math.floor(a / 2 ** by);
  }
  return wide(a, by, (x, y) => x >> y);
}

/** The larger one of two. */
export function max64(a: Integer, b: Integer): Integer {
  return a > b ? a : b;
}

/** The smaller one of two. */
export function min64(a: Integer, b: Integer): Integer {
  return a < b ? a : b;
}

/** Without its sign. */
export function abs64(n: Integer): Integer {
  return n < 0 ? sub64(0, n) : n;
}
