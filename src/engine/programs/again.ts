/**
 * Does one operation again and again.
 *
 * What adds up is small for a long time: bytes that are left over, interrupts that find a lock taken.
 * A counter that is too narrow, or a bound that nobody looks at, shows only after many of the same,
 * more than a program has operations that are drawn one by one.
 *
 * @module
 */
import type { PackedSpec } from "./packed_spec.ts";
import { randomArgument } from "./repair.ts";
import type { Rng } from "./rng.ts";
import {
  OP_ARGS,
  OP_CPU,
  OP_ID,
  OP_RESULT,
  OP_WORDS,
  operationAt,
  P_NOPS,
} from "../../prog/layout.ts";

/** A program that does something again and again has so many operations. */
export const AGAIN_MAX = 32;
/** One in this many times it is done with other numbers: how much adds up depends on them. */
const OTHER_NUMBERS = 2;
/** One in this many of these is the largest. */
const LARGEST = 4;

function drawNumbers(w: Int32Array, o: number, spec: PackedSpec, rng: Rng): void {
  const op = spec.ops[w[o + OP_ID]];
  for (let k = 0; k < op.args.length; k++) {
    const a = op.args[k];
    if (a.type !== "int") continue;
    const isLargest = rng.oneIn(LARGEST);
    w[o + OP_ARGS + k] = isLargest ? a.max : randomArgument(w, op, k, w[o + OP_CPU], rng);
  }
}

/**
 * Copy one of the operations from `first` on behind itself until the program is full, each time with a
 * new result. The caller repairs the program.
 */
export function again(w: Int32Array, first: number, spec: PackedSpec, rng: Rng): void {
  const n = w[P_NOPS];
  const more = AGAIN_MAX - n;
  if (first >= n || more <= 0) return;
  const o = operationAt(first + rng.below(n - first));
  if (rng.oneIn(OTHER_NUMBERS)) drawNumbers(w, o, spec, rng);
  const behind = o + OP_WORDS;
  w.copyWithin(behind + more * OP_WORDS, behind, operationAt(n));
  for (let to = behind; to < behind + more * OP_WORDS; to += OP_WORDS) {
    w.copyWithin(to, o, behind);
    if (w[to + OP_RESULT] >= 0) w[to + OP_RESULT] = -1; // repair() gives it a slot
  }
  w[P_NOPS] = AGAIN_MAX;
}
