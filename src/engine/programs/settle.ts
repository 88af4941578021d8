/**
 * Programs that do one thing after the other: what tasks and handlers do becomes boot operations.
 *
 * Boot operations run on CPU 0. After each of them, kworkers and callbacks come to their end.
 *
 * @module
 */
import type { PackedSpec } from "./packed_spec.ts";
import { repair } from "./repair.ts";
import type { Rng } from "./rng.ts";
import { BOOT, LIMITS } from "../../prog/types.ts";
import {
  IN_TASK,
  OP_ARGS,
  OP_CONTEXT,
  OP_CPU,
  OP_ID,
  OP_RESULT,
  operationAt,
  P_CPUS,
  P_NOPS,
} from "../../prog/layout.ts";

/** Whether boot operations make the resource in each slot. */
const made = new Uint8Array(LIMITS.slots);

/** Whether a task may do the operation at word `o` at boot, and it needs nothing that is made later. */
function maySettle(w: Int32Array, o: number, spec: PackedSpec): boolean {
  const id = w[o + OP_ID];
  const { contexts, where } = spec.ops[id];
  if (where === "run" || !(contexts?.includes("task") ?? true)) return false;
  for (let k = 0; k < LIMITS.args; k++) {
    const isRef = spec.refs[id * LIMITS.args + k] >= 0;
    if (isRef && made[w[o + OP_ARGS + k]] === 0) return false;
  }
  return true;
}

/** Make boot operations of what tasks and handlers do, in the order of the program. */
export function settle(w: Int32Array, spec: PackedSpec): void {
  made.fill(0);
  made.fill(1, 0, spec.predefined.length);
  for (let i = 0; i < w[P_NOPS]; i++) {
    const o = operationAt(i);
    if (w[o + OP_CPU] >= 0 && !maySettle(w, o, spec)) continue;
    w[o + OP_CPU] = BOOT;
    w[o + OP_CONTEXT] = IN_TASK;
    if (w[o + OP_RESULT] >= 0) made[w[o + OP_RESULT]] = 1;
  }
}

/** CPU `on` becomes CPU 0, and CPU 0 becomes it. */
function exchangeCpus(w: Int32Array, on: number, spec: PackedSpec): void {
  const other = (cpu: number) => cpu === on ? 0 : cpu === 0 ? on : cpu;
  for (let i = 0; i < w[P_NOPS]; i++) {
    const o = operationAt(i);
    w[o + OP_CPU] = other(w[o + OP_CPU]);
    const { args } = spec.ops[w[o + OP_ID]];
    for (let k = 0; k < args.length; k++) {
      if (args[k].type === "cpu") w[o + OP_ARGS + k] = other(w[o + OP_ARGS + k]);
    }
  }
}

/** {@linkcode settle} a program that brought CPU `on` to a state: now it is CPU 0 that comes to it. */
export function settleOn(w: Int32Array, on: number, spec: PackedSpec, rng: Rng): void {
  if (on > 0 && on < w[P_CPUS]) exchangeCpus(w, on, spec);
  settle(w, spec);
  repair(w, spec, rng); // it puts boot operations first
}

/** Leave operation `i` out; what needed its result gets another one, or is left out as well. */
export function leaveOut(w: Int32Array, i: number, spec: PackedSpec, rng: Rng): void {
  w.copyWithin(operationAt(i), operationAt(i + 1), operationAt(w[P_NOPS]));
  w[P_NOPS]--;
  repair(w, spec, rng);
}
