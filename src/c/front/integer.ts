/**
 * Integer constants as C writes them.
 *
 * @module
 */

import { type IntType, intType } from "./ctype.ts";

/** A constant, and what its suffix says about its type. */
export interface Integer {
  readonly value: bigint;
  readonly unsigned: boolean;
  /** How many times `l` is in the suffix. */
  readonly longs: number;
  /** Whether it is written with ten digits, and so has a sign. */
  readonly decimal: boolean;
}

/** The type of a constant: the first of those in which it fits, as C lists them. */
export function typeOfInteger(
  { value, unsigned, longs, decimal }: Integer,
  long: 32 | 64,
): IntType {
  const widths = longs === 2
    ? [64] as const
    : longs === 1
    ? [long, 64] as const
    : [32, long, 64] as const;
  for (const bits of widths) {
    if (!unsigned && value < 2n ** BigInt(bits - 1)) return intType(bits, true);
    if ((unsigned || !decimal) && value < 2n ** BigInt(bits)) return intType(bits, false);
  }
  return intType(64, false);
}

/** Read `0x1fUL`, `017`, `42u`; throws a SyntaxError if it is none. */
export function readInteger(text: string): Integer {
  const match = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)([uUlL]*)$/.exec(text);
  if (match === null) throw new SyntaxError(`"${text}" is no integer constant`);
  const [, digits, suffix] = match;
  const octal = /^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits;
  return {
    value: BigInt(octal),
    unsigned: /u/i.test(suffix),
    longs: suffix.replace(/u/gi, "").length,
    decimal: !digits.startsWith("0"),
  };
}
