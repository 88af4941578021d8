/**
 * Mutation of packed programs: insert, remove, move, change, and splice with another.
 *
 * These are the usual mutations of sequence fuzzers, and three for concurrency: an operation moves to
 * another CPU or context, two neighbours swap places, and a handler does what its task does (handlers.ts).
 *
 * @module
 */
import type { Rng } from "./rng.ts";
import { append, OPS_MAX } from "./append.ts";
import { bindToAny } from "./bind.ts";
import { interrupt } from "./handlers.ts";
import type { PackedSpec } from "./packed_spec.ts";
import { provide } from "./provide.ts";
import { randomArgument, randomOperation, repair } from "./repair.ts";
import { BOOT, CONTEXTS } from "../../prog/types.ts";
import {
  failBit,
  IN_TASK,
  OP_ARGS,
  OP_CONTEXT,
  OP_CPU,
  OP_FAIL,
  OP_ID,
  OP_RESULT,
  OP_WORDS,
  operationAt,
  P_CPUS,
  P_NOPS,
} from "../../prog/layout.ts";

/** Maximum of mutations of one program. */
const TIMES_MAX = 4;
/** One in this many inserted operations is a boot operation. */
const INSERT_AT_BOOT = 5;
/**
 * One in this many appended operations runs on any CPU that has operations, not on the given one.
 */
const EXTEND_ANYWHERE = 4;
/**
 * Number of outcomes of a change of place: one makes it a boot operation, one changes the context,
 * the rest the CPU.
 */
const PLACES = 4;
/**
 * One in this many toggles of an allocation failure is made; the others change an argument instead.
 */
const TOGGLE_FAILURE = 3;
/** In one of this many mutated programs, boot operations are added that create missing objects. */
const PROVIDE = 2;

function insert(w: Int32Array, spec: PackedSpec, rng: Rng): void {
  const n = w[P_NOPS];
  if (n >= OPS_MAX) return;
  const at = rng.below(n + 1);
  w.copyWithin(operationAt(at + 1), operationAt(at), operationAt(n));
  w[P_NOPS] = n + 1;
  const cpu = rng.oneIn(INSERT_AT_BOOT) ? BOOT : rng.below(w[P_CPUS]);
  const o = operationAt(at);
  randomOperation(w, o, cpu, spec, rng);
  if (w[o + OP_RESULT] >= 0) w[o + OP_RESULT] = -1;
  bindToAny(w, at, spec, rng);
}

/**
 * Append one operation, because the operations before it led to this state. It mostly runs on CPU
 * `on`, which reached the state; if that CPU is not known, on a CPU that has operations.
 */
function extend(w: Int32Array, spec: PackedSpec, rng: Rng, on: number): void {
  const n = w[P_NOPS];
  if (n === 0 || n >= OPS_MAX) return;
  let cpu = w[operationAt(rng.below(n)) + OP_CPU];
  if (on >= 0 && on < w[P_CPUS] && !rng.oneIn(EXTEND_ANYWHERE)) cpu = on;
  append(w, cpu < 0 ? rng.below(w[P_CPUS]) : cpu, spec, rng);
}

function remove(w: Int32Array, rng: Rng): void {
  const n = w[P_NOPS];
  if (n < 2) return;
  const at = rng.below(n);
  w.copyWithin(operationAt(at), operationAt(at + 1), operationAt(n));
  w[P_NOPS] = n - 1;
}

function duplicate(w: Int32Array, spec: PackedSpec, rng: Rng): void {
  const n = w[P_NOPS];
  if (n === 0 || n >= OPS_MAX) return;
  const from = operationAt(rng.below(n));
  const to = operationAt(n);
  w.copyWithin(to, from, from + OP_WORDS);
  if (spec.ops[w[to + OP_ID]].where !== "boot") w[to + OP_CPU] = rng.below(w[P_CPUS]);
  if (w[to + OP_RESULT] >= 0) w[to + OP_RESULT] = -1;
  w[P_NOPS] = n + 1;
}

function changeArgument(w: Int32Array, spec: PackedSpec, rng: Rng): void {
  const n = w[P_NOPS];
  if (n === 0) return;
  const o = operationAt(rng.below(n));
  const op = spec.ops[w[o + OP_ID]];
  if (op.args.length === 0) return;
  const k = rng.below(op.args.length);
  w[o + OP_ARGS + k] = randomArgument(w, op, k, w[o + OP_CPU], rng);
}

function changePlace(w: Int32Array, spec: PackedSpec, rng: Rng): void {
  const n = w[P_NOPS];
  if (n === 0) return;
  const o = operationAt(rng.below(n));
  const op = spec.ops[w[o + OP_ID]];
  switch (rng.below(PLACES)) {
    case 0:
      if (op.where !== "run") w[o + OP_CPU] = BOOT;
      w[o + OP_CONTEXT] = IN_TASK;
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

function toggleFailure(w: Int32Array, spec: PackedSpec, rng: Rng): void {
  const n = w[P_NOPS];
  if (n === 0) return;
  const o = operationAt(rng.below(n));
  const allocs = spec.ops[w[o + OP_ID]].allocs ?? 0;
  if (allocs > 0) w[o + OP_FAIL] ^= failBit(1 + rng.below(allocs));
}

function swap(w: Int32Array, rng: Rng): void {
  const n = w[P_NOPS];
  if (n < 2) return;
  const a = operationAt(rng.below(n - 1));
  for (let k = 0; k < OP_WORDS; k++) {
    const x = w[a + k];
    w[a + k] = w[a + OP_WORDS + k];
    w[a + OP_WORDS + k] = x;
  }
}

/** Append consecutive operations of another program. */
export function splice(w: Int32Array, other: Int32Array, rng: Rng): void {
  const n = w[P_NOPS];
  const m = other[P_NOPS];
  if (m === 0) return;
  const from = rng.below(m);
  const count = Math.min(1 + rng.below(m - from), OPS_MAX - n);
  for (let i = 0; i < count; i++) {
    const src = operationAt(from + i);
    const dst = operationAt(n + i);
    for (let k = 0; k < OP_WORDS; k++) w[dst + k] = other[src + k];
    if (w[dst + OP_RESULT] >= 0) w[dst + OP_RESULT] = -1;
  }
  w[P_NOPS] = n + Math.max(0, count);
}

/**
 * Toggle the failure of an allocation. Mostly an argument changes instead, because few operations
 * allocate.
 */
function changeFailure(w: Int32Array, spec: PackedSpec, rng: Rng): void {
  if (rng.oneIn(TOGGLE_FAILURE)) toggleFailure(w, spec, rng);
  else changeArgument(w, spec, rng);
}

/** The input of a mutation: the program, its target, the CPU to continue on, another program. */
type Mutation = (
  w: Int32Array,
  spec: PackedSpec,
  rng: Rng,
  on: number,
  other: Int32Array | null,
) => void;

/** All mutations, each with its weight; the weights add up to {@linkcode MUTATION_WEIGHTS}. */
const MUTATIONS: readonly (readonly [weight: number, Mutation])[] = [
  [2, insert],
  [2, (w, _, rng) => remove(w, rng)],
  [1, duplicate],
  [2, (w, spec, rng) => interrupt(w, spec, rng, OPS_MAX)],
  [1, changeArgument],
  [1, changePlace],
  [1, changeFailure],
  [1, (w, _, rng) => swap(w, rng)],
  [3, extend],
  [1, (w, _, rng, __, other) => other !== null && splice(w, other, rng)],
];
const MUTATION_WEIGHTS = MUTATIONS.reduce((sum, [weight]) => sum + weight, 0);

function randomMutation(rng: Rng): Mutation {
  let x = rng.below(MUTATION_WEIGHTS);
  let i = 0;
  while (x >= MUTATIONS[i][0]) x -= MUTATIONS[i++][0];
  return MUTATIONS[i][1];
}

/**
 * Mutate a program in place, one or several times, and repair it. `on` is the CPU whose state is
 * worth continuing from, or -1.
 */
export function mutateProgram(
  w: Int32Array,
  other: Int32Array | null,
  spec: PackedSpec,
  rng: Rng,
  on = -1,
): void {
  const times = 1 + rng.below(TIMES_MAX);
  for (let t = 0; t < times; t++) randomMutation(rng)(w, spec, rng, on, other);
  if (rng.oneIn(PROVIDE)) provide(w, spec, rng, OPS_MAX);
  repair(w, spec, rng);
}
