/**
 * Adds boot operations that create what other operations of a packed program need.
 *
 * @module
 */
import type { PackedSpec } from "./packed_spec.ts";
import { fillOperation } from "./repair.ts";
import type { Rng } from "./rng.ts";
import { BOOT, LIMITS, limitsOf } from "../../prog/types.ts";
import { OP_CPU, OP_ID, OP_RESULT, OP_WORDS, operationAt, P_NOPS } from "../../prog/layout.ts";

/** Types of the predefined resources and of the results so far, one bit each. */
const have = { predefined: 0, made: 0 };

/** The type of a reference of operation `id` for which no resource exists so far, or -1. */
function missing(id: number, spec: PackedSpec): number {
  for (let k = 0; k < LIMITS.args; k++) {
    const type = spec.refs[id * LIMITS.args + k];
    if (type < 0) continue;
    const made = spec.made[id * LIMITS.args + k] !== 0;
    const there = made ? have.made : have.made | have.predefined;
    if (((there >>> type) & 1) === 0) return type;
  }
  return -1;
}

/**
 * Insert at place `at` a boot operation that creates a resource of this type; false if there is
 * none.
 */
function insertMaker(w: Int32Array, at: number, type: number, spec: PackedSpec, rng: Rng): boolean {
  const n = w[P_NOPS];
  const id = spec.maker(type, rng);
  if (id < 0 || n >= limitsOf(spec.spec).ops) return false;
  const o = operationAt(at);
  w.copyWithin(o + OP_WORDS, o, operationAt(n));
  w[P_NOPS] = n + 1;
  fillOperation(w, o, id, BOOT, spec, rng);
  w[o + OP_RESULT] = -1; // repair() gives it a slot
  return true;
}

/**
 * If an operation needs a resource that the program does not create, add a boot operation that
 * creates it, as syzkaller does for the resources of a call. Without this, repair() would remove
 * most operations of a random program. `max` is the maximum of operations.
 */
export function provide(w: Int32Array, spec: PackedSpec, rng: Rng, max: number): void {
  have.made = 0;
  have.predefined = 0;
  for (const t of spec.predefined) have.predefined |= 1 << t;
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < w[P_NOPS]; i++) {
      const o = operationAt(i);
      if ((w[o + OP_CPU] < 0) !== (pass === 0)) continue;
      const type = missing(w[o + OP_ID], spec);
      if (type >= 0 && w[P_NOPS] < max && insertMaker(w, pass === 0 ? i : 0, type, spec, rng)) {
        // The new operation may need a resource, too, and it comes first: start again.
        have.made = 0;
        pass = 0;
        i = -1;
        continue;
      }
      const result = spec.result[w[o + OP_ID]];
      if (result >= 0) have.made |= 1 << result;
    }
  }
}
