/**
 * Integers of 64 bits on their way into the memory of the model, or into its functions.
 *
 * MODEL: a cell has 32 bits, also where C has a `long` or a `u64`. It holds the values from -2^31 to
 * 2^31 - 1, and those of an unsigned type that are equal to one of them modulo 2^64. What does not fit is
 * a finding, and not cut off in silence.
 *
 * @module
 */
import { oops, OOPS_CELL } from "./oops.ts";

const { MAX_SAFE_INTEGER } = Number;

function signed(n: number | bigint): number {
  return typeof n === "number" ? n : Number(BigInt.asIntN(64, n));
}

/** A number for a cell: what its lowest 32 bits, with their sign, are equal to. */
export function cell64(n: number | bigint): number {
  const small = signed(n);
  if ((small | 0) !== small && small === small) {
    oops(OOPS_CELL, 0, 0, `${n} does not fit into a cell of 32 bits`);
  }
  return small;
}

/** A number for a function of the model, which takes no BigInt. */
export function number64(n: number | bigint): number {
  const small = signed(n);
  if (Math.abs(small) > MAX_SAFE_INTEGER) {
    oops(OOPS_CELL, 0, 0, `${n} is no number that a function of the model takes`);
  }
  return small;
}
