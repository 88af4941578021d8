/**
 * Integer constants as C writes them.
 *
 * @module
 */

/** A constant, and what its suffix says about its type. */
export interface Integer {
  readonly value: bigint;
  readonly unsigned: boolean;
  /** How many times `l` is in the suffix. */
  readonly longs: number;
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
  };
}
