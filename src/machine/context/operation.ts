/**
 * Operations: what a program tells a CPU to do.
 *
 * @module
 */
import * as cpuWords from "../layout/cpus.ts";
import * as operationWords from "../layout/operations.ts";
import * as recordWords from "../layout/recording.ts";
import * as records from "../layout/records.ts";
import * as registers from "../layout/registers.ts";
import * as sizes from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import { allocationFailed } from "../hooks/passages.ts";
import * as layout from "../../prog/layout.ts";
import { recordPoint } from "../record/trace.ts";
import { orderFilled } from "../clocks/clock_order.ts";

const { ctl, pcpu, prog, slots, FREE, KCSAN } = views();
const { QUIET } = cpuWords;
const { ALLOCS, FAIL, OP } = operationWords;
const { TRACED, TRACING } = recordWords;
const { PRIM_NOTHING } = records;
const { regs, BLOCK } = registers;
const { RETURNS } = sizes;
const { OP_ARGS, OP_FAIL, OP_ID, OP_RESULT, OP_WORDS, P_OPS } = layout;

/** What a target does for an operation: arguments as packed; returns a value, or an address. */
export type OperationBody = (a0: number, a1: number, a2: number) => number;

let bodies: OperationBody[] = [];
let names: readonly string[] = [];
/** Operations that start a CPU: which argument names it; -1 for all others. */
let starters: number[] = [];
let anyStarts = false;

/** The operations of the target in use, in the order of its specification. */
export function setOperations(
  n: readonly string[],
  b: OperationBody[],
  starts: number[],
): void {
  names = n;
  bodies = b;
  starters = starts;
  anyStarts = starts.some((arg) => arg >= 0);
}

/** The names of the operations, in the order of the specification. */
export function operationNames(): readonly string[] {
  return names;
}

/** Whether any operation of the target starts a CPU. */
export function startsCpus(): boolean {
  return anyStarts;
}

/** The CPU that operation word `o` starts, or -1. */
export function startedBy(o: number): number {
  const arg = starters[prog[o + OP_ID]] ?? -1;
  return arg < 0 ? -1 : prog[o + OP_ARGS + arg];
}

/** Run operation `i` of the program in whatever context this CPU is. */
export function operationBody(i: number): void {
  const o = P_OPS + i * OP_WORDS;
  const b = regs[BLOCK];
  // Free-running CPUs repeat their operations: what a name still stands for must not be lost.
  if (FREE && prog[o + OP_RESULT] >= 0 && Atomics.load(slots, prog[o + OP_RESULT]) !== 0) return;
  const fail = pcpu[b + FAIL];
  const allocs = pcpu[b + ALLOCS];
  pcpu[b + OP] = i;
  pcpu[b + FAIL] = prog[o + OP_FAIL];
  pcpu[b + ALLOCS] = 0;
  const traced = ctl[TRACED];
  const r = bodies[prog[o + OP_ID]](
    prog[o + OP_ARGS],
    prog[o + OP_ARGS + 1],
    prog[o + OP_ARGS + 2],
  );
  if (ctl[TRACING] !== 0 && ctl[TRACED] === traced) recordPoint(PRIM_NOTHING, 0);
  slots[RETURNS + i] = r;
  const result = prog[o + OP_RESULT];
  if (result >= 0) slots[result] = r > 0 ? r : 0;
  if (KCSAN && result >= 0) orderFilled(result);
  pcpu[b + FAIL] = fail;
  pcpu[b + ALLOCS] = allocs;
}

/** Whether the allocation that is being made must fail, by the program's word. */
export function allocationFails(): boolean {
  const b = regs[BLOCK];
  const k = pcpu[b + ALLOCS]++;
  const fails = k < 31 && ((pcpu[b + FAIL] >>> k) & 1) !== 0;
  if (fails) allocationFailed();
  return fails;
}

/** Whether operations outside any CPU's program are running: boot, teardown. */
export function isQuiet(): boolean {
  return ctl[QUIET] !== 0;
}
