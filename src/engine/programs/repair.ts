/**
 * Builds and repairs packed programs. It allocates no memory.
 *
 * A mutation may leave references to results that do not exist, or that come later. `repair()`
 * makes the program valid: boot operations come first, and of them those that say how the machine
 * boots; results are numbered in order, every reference names an earlier result of the right type. An
 * operation for which there is no such result is removed.
 *
 * @module
 */
import { MADE, MOSTLY_MADE, type PackedSpec } from "./packed_spec.ts";
import type { Rng } from "./rng.ts";
import { CONTEXTS, LIMITS, type OpSpec } from "../../prog/types.ts";
import {
  copyProgram,
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
  P_SLOTS,
  PROGRAM_WORDS,
} from "../../prog/layout.ts";

/** One in this many operations that may run in a handler does. */
const AS_HANDLER = 6;
/** One in this many operations that allocate has an allocation that fails. */
const FAIL = 24;
/** One in this many CPU arguments is any CPU; the others are the operation's own CPU. */
const ANY_CPU = 3;
/** One in this many integers is any number within the bounds; the others are interesting values. */
const ANY_INTEGER = 6;
/** One in this many operations that may have flags has some. */
const FLAGS = 6;
/**
 * One in this many references names the last resource of its type; the others name any of that
 * type.
 */
const LAST_MADE = 2;
/** One in this many references that are mostly to what operations made may be to what is predefined. */
const PREDEFINED = 8;

/** Write a random operation at word `o`, without its references; repair() chooses those. */
export function randomOperation(
  w: Int32Array,
  o: number,
  cpu: number,
  spec: PackedSpec,
  rng: Rng,
): void {
  fillOperation(w, o, spec.pick(rng, cpu < 0), cpu, spec, rng);
}

/** Write the given operation at word `o`, with random arguments. */
export function fillOperation(
  w: Int32Array,
  o: number,
  id: number,
  cpu: number,
  spec: PackedSpec,
  rng: Rng,
): void {
  const op = spec.ops[id];
  w[o + OP_ID] = id;
  w[o + OP_CPU] = cpu;
  w[o + OP_CONTEXT] = IN_TASK;
  const contexts = op.contexts;
  if (cpu >= 0 && contexts && contexts.length > 1 && rng.oneIn(AS_HANDLER)) {
    w[o + OP_CONTEXT] = CONTEXTS.indexOf(contexts[rng.below(contexts.length)]);
  }
  w[o + OP_FAIL] = 0;
  if (op.allocs && rng.oneIn(FAIL)) w[o + OP_FAIL] = failBit(1 + rng.below(op.allocs));
  w[o + OP_RESULT] = op.result ? 0 : -1;
  for (let k = 0; k < LIMITS.args; k++) w[o + OP_ARGS + k] = randomArgument(w, op, k, cpu, rng);
}

/** A random value for argument `k`; -1 for a reference, which repair() chooses. */
export function randomArgument(
  w: Int32Array,
  op: OpSpec,
  k: number,
  cpu: number,
  rng: Rng,
): number {
  const a = op.args[k];
  if (a === undefined) return 0;
  switch (a.type) {
    case "ref":
      return -1;
    case "cpu":
      if (a.other && cpu >= 0 && w[P_CPUS] > 1) {
        return (cpu + 1 + rng.below(w[P_CPUS] - 1)) % w[P_CPUS];
      }
      // Mostly the own task: that is the one an operation can act for.
      return cpu >= 0 && !rng.oneIn(ANY_CPU) ? cpu : rng.below(w[P_CPUS]);
    case "flags":
      return rng.oneIn(FLAGS) ? a.common[rng.below(a.common.length)] : 0;
    default:
      if (a.interesting.length > 0 && !rng.oneIn(ANY_INTEGER)) {
        return a.interesting[rng.below(a.interesting.length)];
      }
      return a.min + rng.below(Math.min(a.max - a.min + 1, 0x7fffffff));
  }
}

const scratch = new Int32Array(PROGRAM_WORDS);
/** The new slot of each old slot, and the type of each new slot. */
const renumbered = new Int32Array(LIMITS.slots);
const slotType = new Int32Array(LIMITS.slots);

/** A slot from `first` on that holds a resource of this type, or -1. */
function choose(type: number, first: number, slots: number, rng: Rng): number {
  let n = 0;
  for (let s = first; s < slots; s++) if (slotType[s] === type) n++;
  if (n === 0) return -1;
  // Resources that the program created last are the most interesting.
  let k = rng.oneIn(LAST_MADE) ? n - 1 : rng.below(n);
  for (let s = first; s < slots; s++) if (slotType[s] === type && k-- === 0) return s;
  return -1;
}

/** The first slot from which an argument is chosen. */
function firstSlot(made: number, spec: PackedSpec, rng: Rng): number {
  if (made === 0 || made === MOSTLY_MADE && rng.oneIn(PREDEFINED)) return 0;
  return spec.predefined.length;
}

/** The passes of repair(): how the machine boots, what is there when the program begins, the program. */
const FIRST = 0;
const AT_BOOT = 1;
const ON_CPUS = 2;

/** The pass of the operation at word `from` of the program that is repaired. */
function passOf(from: number, spec: PackedSpec): number {
  if (scratch[from + OP_CPU] >= 0) return ON_CPUS;
  return spec.early[scratch[from + OP_ID]] === 1 ? FIRST : AT_BOOT;
}

/** Make a packed program valid. */
export function repair(w: Int32Array, spec: PackedSpec, rng: Rng): void {
  const n = Math.min(w[P_NOPS], LIMITS.ops);
  w[P_NOPS] = n;
  copyProgram(w, scratch);
  renumbered.fill(-1);
  const fixed = spec.predefined.length;
  for (let s = 0; s < fixed; s++) {
    renumbered[s] = s;
    slotType[s] = spec.predefined[s];
  }
  let slots = fixed;
  let out = 0;
  for (let pass = FIRST; pass <= ON_CPUS; pass++) {
    for (let i = 0; i < n; i++) {
      const from = operationAt(i);
      if (passOf(from, spec) !== pass) continue;
      const to = operationAt(out);
      if (!copyOperation(w, from, to, slots, spec, rng)) continue;
      const type = spec.result[w[to + OP_ID]];
      w[to + OP_RESULT] = -1;
      if (type >= 0) {
        if (slots >= LIMITS.slots) continue;
        const old = scratch[from + OP_RESULT];
        if (old >= fixed && renumbered[old] < 0) renumbered[old] = slots;
        slotType[slots] = type;
        w[to + OP_RESULT] = slots++;
      }
      out++;
    }
  }
  w[P_NOPS] = out;
  w[P_SLOTS] = slots;
}

function copyOperation(
  w: Int32Array,
  from: number,
  to: number,
  slots: number,
  spec: PackedSpec,
  rng: Rng,
): boolean {
  for (let k = 0; k < OP_WORDS; k++) w[to + k] = scratch[from + k];
  if (w[to + OP_CPU] >= w[P_CPUS]) w[to + OP_CPU] = rng.below(w[P_CPUS]);
  const id = w[to + OP_ID];
  for (let k = 0; k < LIMITS.args; k++) {
    const type = spec.refs[id * LIMITS.args + k];
    if (type < 0) {
      const c = to + OP_ARGS + k; // spliced from a program with more CPUs
      if (spec.ops[id].args[k]?.type === "cpu" && w[c] >= w[P_CPUS]) w[c] = rng.below(w[P_CPUS]);
      continue;
    }
    const old = scratch[from + OP_ARGS + k];
    const kept = old >= 0 && old < LIMITS.slots ? renumbered[old] : -1;
    const made = spec.made[id * LIMITS.args + k];
    const fits = kept >= (made === MADE ? spec.predefined.length : 0) && slotType[kept] === type;
    const slot = fits ? kept : choose(type, firstSlot(made, spec, rng), slots, rng);
    if (slot < 0) return false;
    w[to + OP_ARGS + k] = slot;
  }
  return true;
}
