/**
 * Mutation of packed programs: insert, remove, move, change, and splice with another.
 *
 * The starter set of sequence fuzzers, plus what concurrency adds: moving an operation to another
 * CPU or context, and swapping neighbours.
 *
 * @module
 */
import type { Rng } from "./rng.ts";
import { provide, randomArgument, randomOperation, repair, type WordSpec } from "./repair.ts";
import { BOOT, CONTEXTS } from "../../prog/types.ts";
import * as layout from "../../prog/layout.ts";

const { OP_ARGS, OP_CONTEXT, OP_CPU, OP_FAIL, OP_ID, OP_RESULT, OP_WORDS, P_CPUS, P_NOPS, P_OPS } =
  layout;

/** Operations a generated or mutated program may have; files may have up to LIMITS.ops. */
export const OPS_MAX = 16;

function insert(w: Int32Array, spec: WordSpec, rng: Rng): void {
  const n = w[P_NOPS];
  if (n >= OPS_MAX) return;
  const at = rng.below(n + 1);
  w.copyWithin(P_OPS + (at + 1) * OP_WORDS, P_OPS + at * OP_WORDS, P_OPS + n * OP_WORDS);
  w[P_NOPS] = n + 1;
  const cpu = rng.oneIn(5) ? BOOT : rng.below(w[P_CPUS]);
  randomOperation(w, P_OPS + at * OP_WORDS, cpu, spec, rng);
  if (w[P_OPS + at * OP_WORDS + OP_RESULT] >= 0) w[P_OPS + at * OP_WORDS + OP_RESULT] = -1;
}

/**
 * One more operation at the end: what came before led to this state. Mostly on the CPU `on` that came
 * to it, if one is known, else on one that has operations.
 */
function extend(w: Int32Array, spec: WordSpec, rng: Rng, on: number): void {
  const n = w[P_NOPS];
  if (n === 0 || n >= OPS_MAX) return;
  let cpu = w[P_OPS + rng.below(n) * OP_WORDS + OP_CPU];
  if (on >= 0 && on < w[P_CPUS] && !rng.oneIn(4)) cpu = on;
  const o = P_OPS + n * OP_WORDS;
  randomOperation(w, o, cpu < 0 ? rng.below(w[P_CPUS]) : cpu, spec, rng);
  if (w[o + OP_RESULT] >= 0) w[o + OP_RESULT] = -1;
  w[P_NOPS] = n + 1;
}

function remove(w: Int32Array, rng: Rng): void {
  const n = w[P_NOPS];
  if (n < 2) return;
  const at = rng.below(n);
  w.copyWithin(P_OPS + at * OP_WORDS, P_OPS + (at + 1) * OP_WORDS, P_OPS + n * OP_WORDS);
  w[P_NOPS] = n - 1;
}

function duplicate(w: Int32Array, spec: WordSpec, rng: Rng): void {
  const n = w[P_NOPS];
  if (n === 0 || n >= OPS_MAX) return;
  const from = P_OPS + rng.below(n) * OP_WORDS;
  const to = P_OPS + n * OP_WORDS;
  w.copyWithin(to, from, from + OP_WORDS);
  if (spec.ops[w[to + OP_ID]].where !== "boot") w[to + OP_CPU] = rng.below(w[P_CPUS]);
  if (w[to + OP_RESULT] >= 0) w[to + OP_RESULT] = -1;
  w[P_NOPS] = n + 1;
}

function changeArgument(w: Int32Array, spec: WordSpec, rng: Rng): void {
  const n = w[P_NOPS];
  if (n === 0) return;
  const o = P_OPS + rng.below(n) * OP_WORDS;
  const op = spec.ops[w[o + OP_ID]];
  if (op.args.length === 0) return;
  const k = rng.below(op.args.length);
  w[o + OP_ARGS + k] = randomArgument(w, op, k, w[o + OP_CPU], rng);
}

function changePlace(w: Int32Array, spec: WordSpec, rng: Rng): void {
  const n = w[P_NOPS];
  if (n === 0) return;
  const o = P_OPS + rng.below(n) * OP_WORDS;
  const op = spec.ops[w[o + OP_ID]];
  switch (rng.below(4)) {
    case 0:
      if (op.where !== "run") w[o + OP_CPU] = BOOT;
      w[o + OP_CONTEXT] = 0;
      break;
    case 1:
      if (w[o + OP_CPU] >= 0 && op.contexts) {
        w[o + OP_CONTEXT] = CONTEXTS.indexOf(op.contexts[rng.below(op.contexts.length)]);
      }
      break;
    default:
      if (op.where !== "boot") w[o + OP_CPU] = rng.below(w[P_CPUS]);
  }
}

function toggleFailure(w: Int32Array, spec: WordSpec, rng: Rng): void {
  const n = w[P_NOPS];
  if (n === 0) return;
  const o = P_OPS + rng.below(n) * OP_WORDS;
  const allocs = spec.ops[w[o + OP_ID]].allocs ?? 0;
  if (allocs > 0) w[o + OP_FAIL] ^= 1 << rng.below(allocs);
}

function swap(w: Int32Array, rng: Rng): void {
  const n = w[P_NOPS];
  if (n < 2) return;
  const a = P_OPS + rng.below(n - 1) * OP_WORDS;
  for (let k = 0; k < OP_WORDS; k++) {
    const x = w[a + k];
    w[a + k] = w[a + OP_WORDS + k];
    w[a + OP_WORDS + k] = x;
  }
}

/** Append a run of another program's operations. */
export function splice(w: Int32Array, other: Int32Array, rng: Rng): void {
  const n = w[P_NOPS];
  const m = other[P_NOPS];
  if (m === 0) return;
  const from = rng.below(m);
  const count = Math.min(1 + rng.below(m - from), OPS_MAX - n);
  for (let i = 0; i < count; i++) {
    const src = P_OPS + (from + i) * OP_WORDS;
    const dst = P_OPS + (n + i) * OP_WORDS;
    for (let k = 0; k < OP_WORDS; k++) w[dst + k] = other[src + k];
    if (w[dst + OP_RESULT] >= 0) w[dst + OP_RESULT] = -1;
  }
  w[P_NOPS] = n + Math.max(0, count);
}

/**
 * Mutate a program in place, one to four times, and make it valid again. `on` is the CPU whose state
 * is worth going on from, or -1.
 */
export function mutateProgram(
  w: Int32Array,
  other: Int32Array | null,
  spec: WordSpec,
  rng: Rng,
  on = -1,
): void {
  const times = 1 + rng.below(4);
  for (let t = 0; t < times; t++) {
    switch (rng.below(13)) {
      case 0:
      case 1:
        insert(w, spec, rng);
        break;
      case 2:
      case 3:
        remove(w, rng);
        break;
      case 4:
        duplicate(w, spec, rng);
        break;
      case 5:
        changeArgument(w, spec, rng);
        break;
      case 6:
        changePlace(w, spec, rng);
        break;
      case 7:
        if (rng.oneIn(3)) toggleFailure(w, spec, rng);
        else changeArgument(w, spec, rng);
        break;
      case 8:
        swap(w, rng);
        break;
      case 9:
      case 10:
      case 11:
        extend(w, spec, rng, on);
        break;
      default:
        if (other !== null) splice(w, other, rng);
    }
  }
  if (rng.oneIn(2)) provide(w, spec, rng, OPS_MAX);
  repair(w, spec, rng);
}
