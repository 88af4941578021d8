/**
 * Appends a random operation to a program.
 *
 * @module
 */
import { bindToAny } from "./bind.ts";
import type { PackedSpec } from "./packed_spec.ts";
import { randomOperation } from "./repair.ts";
import type { Rng } from "./rng.ts";
import { OP_RESULT, operationAt, P_NOPS } from "../../prog/layout.ts";

/** Maximum of operations of a generated or mutated program; a file may have LIMITS.ops. */
export const OPS_MAX = 16;

/**
 * Append a random operation on CPU `cpu`, which may get the resources of another one. There is nothing to
 * append to a program of {@linkcode OPS_MAX} operations. The caller repairs the program.
 */
export function append(w: Int32Array, cpu: number, spec: PackedSpec, rng: Rng): void {
  const n = w[P_NOPS];
  if (n >= OPS_MAX) return;
  const o = operationAt(n);
  randomOperation(w, o, cpu, spec, rng);
  if (w[o + OP_RESULT] >= 0) w[o + OP_RESULT] = -1; // repair() gives it a slot
  w[P_NOPS] = n + 1;
  bindToAny(w, n, spec, rng);
}
