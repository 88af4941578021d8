/**
 * Handlers that do what a task of their CPU does, to the same objects or to others of the same kind.
 *
 * What protects data from interrupts is tried by the same code. What a function caches is tried if it
 * runs twice, because the first time it finds nothing; and what it caches by object, if the handler
 * has another one.
 *
 * @module
 */
import { bind } from "./bind.ts";
import type { PackedSpec } from "./packed_spec.ts";
import { fillOperation } from "./repair.ts";
import type { Rng } from "./rng.ts";
import { CONTEXTS, LIMITS } from "../../prog/types.ts";
import {
  IN_TASK,
  OP_ARGS,
  OP_CONTEXT,
  OP_CPU,
  OP_ID,
  OP_RESULT,
  OP_WORDS,
  operationAt,
  P_NOPS,
} from "../../prog/layout.ts";

/** In one of this many programs, the task does it twice. */
const TWICE = 2;
/** One in this many handlers gets objects of its own. */
const OWN_OBJECTS = 2;

/** Number of operations of a program that are handlers. */
export function countHandlers(prog: Int32Array): number {
  let n = 0;
  for (let i = 0; i < prog[P_NOPS]; i++) {
    if (prog[operationAt(i) + OP_CONTEXT] !== IN_TASK) n++;
  }
  return n;
}

/** The CPUs that have handlers, one bit each. */
export function handledCpus(prog: Int32Array): number {
  let cpus = 0;
  for (let i = 0; i < prog[P_NOPS]; i++) {
    const o = operationAt(i);
    if (prog[o + OP_CONTEXT] !== IN_TASK) cpus |= 1 << prog[o + OP_CPU];
  }
  return cpus;
}

/** Make room for an operation at place `i`, and copy the one at place `from` there; its result is new. */
function copyTo(w: Int32Array, i: number, from: number): void {
  const n = w[P_NOPS];
  const o = operationAt(i);
  w.copyWithin(o + OP_WORDS, o, operationAt(n));
  const source = operationAt(from < i ? from : from + 1);
  w.copyWithin(o, source, source + OP_WORDS);
  if (w[o + OP_RESULT] >= 0) w[o + OP_RESULT] = -1; // repair() gives it a slot
  w[P_NOPS] = n + 1;
}

/** The operation that makes the resource in a slot, or -1. */
function makerOf(w: Int32Array, slot: number): number {
  for (let i = 0; i < w[P_NOPS]; i++) if (w[operationAt(i) + OP_RESULT] === slot) return i;
  return -1;
}

/** A slot that no operation has; -1 if there is none. */
function freeSlot(w: Int32Array, spec: PackedSpec): number {
  let slot = spec.predefined.length;
  for (let i = 0; i < w[P_NOPS]; i++) slot = Math.max(slot, w[operationAt(i) + OP_RESULT] + 1);
  return slot < LIMITS.slots ? slot : -1;
}

/**
 * Make another resource like the one in `slot`, of others that are like its own: each operation of the
 * chain that made it comes twice. Returns its slot, or `slot` if there is no room for the chain.
 */
function another(w: Int32Array, slot: number, max: number, spec: PackedSpec): number {
  const from = makerOf(w, slot);
  if (from < 0 || w[P_NOPS] >= max) return slot;
  const o = operationAt(from);
  const id = w[o + OP_ID];
  copyTo(w, from + 1, from);
  const copy = operationAt(from + 1);
  const made = freeSlot(w, spec);
  if (made < 0) return slot;
  w[copy + OP_RESULT] = made;
  let at = from + 1;
  for (let k = 0; k < LIMITS.args; k++) {
    const old = spec.refs[id * LIMITS.args + k] < 0 ? -1 : w[operationAt(at) + OP_ARGS + k];
    if (old < spec.predefined.length) continue;
    const own = another(w, old, max, spec);
    at = makerOf(w, made); // operations before it may have come
    w[operationAt(at) + OP_ARGS + k] = own;
  }
  return made;
}

/** Give operation `i` resources of its own; returns where it is then. */
function giveOwn(w: Int32Array, i: number, max: number, spec: PackedSpec): void {
  const id = w[operationAt(i) + OP_ID];
  for (let k = 0; k < LIMITS.args; k++) {
    const before = w[P_NOPS];
    const old = spec.refs[id * LIMITS.args + k] < 0 ? -1 : w[operationAt(i) + OP_ARGS + k];
    if (old < spec.predefined.length) continue;
    const own = another(w, old, max, spec);
    i += w[P_NOPS] - before;
    w[operationAt(i) + OP_ARGS + k] = own;
  }
}

/** Whether operation `i`, which a task runs on a CPU, may run in this context, too. */
function mayRunIn(context: number, w: Int32Array, i: number, spec: PackedSpec): boolean {
  return spec.ops[w[operationAt(i) + OP_ID]].contexts?.includes(CONTEXTS[context]) ?? false;
}

/** An operation of a task on a CPU, of those that may run in `context`; IN_TASK: of all; or -1. */
function taskOperation(context: number, w: Int32Array, spec: PackedSpec, rng: Rng): number {
  let chosen = -1;
  let candidates = 0;
  for (let i = 0; i < w[P_NOPS]; i++) {
    const o = operationAt(i);
    if (w[o + OP_CPU] < 0 || w[o + OP_CONTEXT] !== IN_TASK) continue;
    if (context !== IN_TASK && !mayRunIn(context, w, i, spec)) continue;
    if (rng.oneIn(++candidates)) chosen = i;
  }
  return chosen;
}

/**
 * Append a handler that acts on what operation `task` acts on, with its resources; false if nothing
 * is known that does.
 */
function counterpart(
  context: number,
  task: number,
  w: Int32Array,
  spec: PackedSpec,
  rng: Rng,
): boolean {
  const id = spec.effects.drawHandler(w[operationAt(task) + OP_ID], context, rng);
  if (id < 0) return false;
  const o = operationAt(w[P_NOPS]++);
  fillOperation(w, o, id, w[operationAt(task) + OP_CPU], spec, rng);
  if (w[o + OP_RESULT] >= 0) w[o + OP_RESULT] = -1; // repair() gives it a slot
  w[o + OP_CONTEXT] = context;
  bind(w, o, operationAt(task), spec, rng);
  return true;
}

/**
 * Append a handler that does what a task of its CPU does, with the same arguments, and with the same
 * resources or some of its own. An NMI may do little: if no task does that, the handler does what it
 * may, and acts on what the task acts on. `max` is the maximum of operations.
 */
export function interrupt(w: Int32Array, spec: PackedSpec, rng: Rng, max: number): void {
  const n = w[P_NOPS];
  const contexts = spec.handlerContexts;
  if (n >= max || contexts.length === 0) return;
  const context = contexts[rng.below(contexts.length)];
  let chosen = taskOperation(context, w, spec, rng);
  if (chosen >= 0) {
    copyTo(w, n, chosen);
    w[operationAt(n) + OP_CONTEXT] = context;
  } else {
    chosen = taskOperation(IN_TASK, w, spec, rng);
    if (chosen < 0 || !counterpart(context, chosen, w, spec, rng)) return;
  }
  const twice = rng.oneIn(TWICE) && w[P_NOPS] < max;
  if (twice) copyTo(w, chosen + 1, chosen);
  if (rng.oneIn(OWN_OBJECTS)) giveOwn(w, w[P_NOPS] - 1, max, spec);
}
