/**
 * Programs whose CPUs start others, as those of user space do.
 *
 * @module
 */
import type { PackedSpec } from "./packed_spec.ts";
import { OP_ID, operationAt, P_NOPS } from "../../prog/layout.ts";

/** Whether an operation of the program starts a CPU. */
export function startsCpus(prog: Int32Array, spec: PackedSpec): boolean {
  if (!spec.canStart) return false;
  for (let i = 0; i < prog[P_NOPS]; i++) {
    if (spec.ops[prog[operationAt(i) + OP_ID]].starts !== undefined) return true;
  }
  return false;
}
