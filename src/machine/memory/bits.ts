/**
 * Atomic changes of bits that return what was there, with the order they ask for.
 *
 * @module
 */
import { views } from "../words/arena.ts";
import { updating } from "../clocks/clock_access.ts";
import { fieldAt } from "./field_at.ts";
import { pointRmw } from "./point.ts";
import type { Lvalue } from "./struct_type.ts";

const { mem, FREE, KCSAN } = views();

/** `(old & keep) ^ flip`; one of the two leaves everything as it is: `keep` -1 or `flip` 0. */
export function changeBits(
  p: number,
  lv: Lvalue<number>,
  keep: number,
  flip: number,
  order: number,
): number {
  const a = fieldAt(lv);
  pointRmw(p, a);
  const old = mem[a];
  if (KCSAN) updating(p, a, old, (old & keep) ^ flip, order);
  if (FREE) return flip === 0 ? Atomics.and(mem, a, keep) : Atomics.xor(mem, a, flip);
  mem[a] = (old & keep) ^ flip;
  return old;
}
