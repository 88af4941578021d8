/**
 * Binds an operation to another one: it gets the resources that the other one has.
 *
 * Most bugs need operations that act on the same objects. References that are drawn each by itself
 * seldom lead there if a program has several objects of a type.
 *
 * @module
 */
import type { PackedSpec } from "./packed_spec.ts";
import { fillOperation } from "./repair.ts";
import type { Rng } from "./rng.ts";
import { CONTEXTS, LIMITS } from "../../prog/types.ts";
import {
  IN_TASK,
  OP_ARGS,
  OP_CONTEXT,
  OP_CPU,
  OP_FAIL,
  OP_ID,
  OP_RESULT,
  operationAt,
  P_NOPS,
} from "../../prog/layout.ts";

/**
 * Maximum of steps to a resource. Those of the other operation are 1 step away, those that an
 * operation has together with one of them 2.
 */
const STEPS_MAX = 3;

/** One in this many new operations is bound to another one. */
const BOUND = 2;
/** One in this many operations that are bound is drawn among those that act on the other one's fields. */
const RELATED = 3;
/** One in this many handlers that are bound does what a task of its CPU does. */
const IMITATE = 2;

/** How many steps each slot is away; 0 if it is too far. */
const steps = new Uint8Array(LIMITS.slots);
/** The CPUs whose tasks the other operation acts for, one bit each. */
let tasks = 0;

/** The slot of part `k` of the operation at word `o`: its result, then its references; or -1. */
function slotOf(w: Int32Array, o: number, k: number, spec: PackedSpec): number {
  if (k === 0) return w[o + OP_RESULT];
  return spec.refs[w[o + OP_ID] * LIMITS.args + k - 1] < 0 ? -1 : w[o + OP_ARGS + k - 1];
}

/** The CPUs that the operation at word `o` names, one bit each. */
function namedTasks(w: Int32Array, o: number, spec: PackedSpec): number {
  let cpus = 0;
  const { args } = spec.ops[w[o + OP_ID]];
  for (let k = 0; k < args.length; k++) {
    if (args[k].type === "cpu") cpus |= 1 << w[o + OP_ARGS + k];
  }
  return cpus;
}

/**
 * Fewest steps of the resources of the operation at word `o`, or 0. Everyone's resources do not count. Who
 * charges the cgroup of its task does not name it: one step leads to what moved the task there.
 */
function nearest(w: Int32Array, o: number, spec: PackedSpec): number {
  let best = (namedTasks(w, o, spec) & tasks) !== 0 ? 1 : 0;
  for (let k = 0; k <= LIMITS.args; k++) {
    const s = slotOf(w, o, k, spec);
    if (s >= 0 && steps[s] > 0 && (best === 0 || steps[s] < best)) best = steps[s];
  }
  return best;
}

function mark(w: Int32Array, o: number, n: number, spec: PackedSpec): void {
  for (let k = 0; k <= LIMITS.args; k++) {
    const s = slotOf(w, o, k, spec);
    if (s >= spec.predefined.length && steps[s] === 0) steps[s] = n;
  }
}

/** Find how many steps the resources of a program are away from those of the operation at word `o`. */
function measure(w: Int32Array, o: number, spec: PackedSpec): void {
  steps.fill(0);
  mark(w, o, 1, spec);
  tasks = namedTasks(w, o, spec);
  if (w[o + OP_CPU] >= 0 && w[o + OP_CONTEXT] === IN_TASK) tasks |= 1 << w[o + OP_CPU];
  for (let n = 2; n <= STEPS_MAX; n++) {
    for (let i = 0; i < w[P_NOPS]; i++) {
      if (nearest(w, operationAt(i), spec) === n - 1) mark(w, operationAt(i), n, spec);
    }
  }
}

/** The nearest resource of a type: its slot, or -1. */
function find(w: Int32Array, type: number, spec: PackedSpec, rng: Rng): number {
  let best = -1;
  let ties = 0;
  for (let i = 0; i < w[P_NOPS]; i++) {
    const o = operationAt(i);
    const s = w[o + OP_RESULT];
    if (s < 0 || steps[s] === 0 || spec.result[w[o + OP_ID]] !== type) continue;
    if (best < 0 || steps[s] < steps[best]) {
      best = s;
      ties = 1;
    } else if (steps[s] === steps[best] && rng.oneIn(++ties)) best = s;
  }
  return best;
}

/** Give the operation at word `o` the resources of the one at word `other`, where their types fit. */
export function bind(w: Int32Array, o: number, other: number, spec: PackedSpec, rng: Rng): void {
  measure(w, other, spec);
  const id = w[o + OP_ID];
  for (let k = 0; k < LIMITS.args; k++) {
    const type = spec.refs[id * LIMITS.args + k];
    if (type >= 0) w[o + OP_ARGS + k] = find(w, type, spec, rng);
  }
}

/** Whether operation `j` could run where the handler at word `o` does, and is a task's of that CPU. */
function couldBe(w: Int32Array, o: number, j: number, spec: PackedSpec): boolean {
  const other = operationAt(j);
  if (w[other + OP_CPU] !== w[o + OP_CPU] || w[other + OP_CONTEXT] !== IN_TASK) return false;
  return spec.ops[w[other + OP_ID]].contexts?.includes(CONTEXTS[w[o + OP_CONTEXT]]) ?? false;
}

/**
 * Let the handler that is operation `i` do what a task of its CPU does, with the same resources and
 * arguments; false if no task does what a handler may.
 */
function imitate(w: Int32Array, i: number, spec: PackedSpec, rng: Rng): boolean {
  const o = operationAt(i);
  let chosen = -1;
  let n = 0;
  for (let j = 0; j < w[P_NOPS]; j++) {
    if (couldBe(w, o, j, spec) && rng.oneIn(++n)) chosen = j;
  }
  if (chosen < 0) return false;
  const from = operationAt(chosen);
  w[o + OP_ID] = w[from + OP_ID];
  w[o + OP_RESULT] = -1; // repair() gives it a slot
  w[o + OP_FAIL] = w[from + OP_FAIL];
  for (let k = 0; k < LIMITS.args; k++) w[o + OP_ARGS + k] = w[from + OP_ARGS + k];
  return true;
}

/** Let the operation at word `o` be one that acts on what the one at word `other` acts on. */
function relate(w: Int32Array, o: number, other: number, spec: PackedSpec, rng: Rng): void {
  const cpu = w[o + OP_CPU];
  const id = spec.effects.draw(w[other + OP_ID], cpu < 0, rng);
  if (id < 0) return;
  const result = w[o + OP_RESULT];
  fillOperation(w, o, id, cpu, spec, rng);
  if (spec.result[id] >= 0) w[o + OP_RESULT] = result;
}

/**
 * Half of the time, bind operation `i` of a program to any other of its operations. A handler
 * imitates a task, half of the time.
 */
export function bindToAny(w: Int32Array, i: number, spec: PackedSpec, rng: Rng): void {
  const n = w[P_NOPS];
  if (n < 2 || !rng.oneIn(BOUND)) return;
  const isHandler = w[operationAt(i) + OP_CONTEXT] !== IN_TASK;
  if (isHandler && rng.oneIn(IMITATE) && imitate(w, i, spec, rng)) return;
  const other = (i + 1 + rng.below(n - 1)) % n;
  if (!isHandler && rng.oneIn(RELATED)) relate(w, operationAt(i), operationAt(other), spec, rng);
  bind(w, operationAt(i), operationAt(other), spec, rng);
}
