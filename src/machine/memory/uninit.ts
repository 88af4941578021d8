/**
 * Values that were never written, and where they come from.
 *
 * An integer that was never written is NaN, which arithmetic carries along by itself; a pointer is
 * one particular object, which tells when it is looked through; a function, one particular function.
 * Stored again they make their cell POISONED, so a copy is as unwritten as what it was made from:
 * nothing is said of a copy, only of a use. Uses that can be seen are: being returned by a kernel
 * function or passed to one, being an operand, an index or what a marked operation compares with,
 * being looked through or called, deciding a WARN_ON(), and deciding what likely() and unlikely()
 * are asked. That JavaScript branches on a value, or compares it, cannot be seen. An atomic operation
 * that reads and writes leaves its cell written, as in the kernel, where KMSAN trusts assembly.
 *
 * Origins are put by only while an execution is recorded: which cell this CPU read last that held
 * nothing, and for every store of such a value where it was made and what it came from.
 *
 * @module
 */
import { OP } from "../layout/operations.ts";
import {
  ORIGIN_COUNT,
  ORIGIN_FROM,
  ORIGIN_STACK,
  ORIGIN_TO,
  READ_CELL,
  READ_DEPTH,
  READ_FN,
  READ_OP,
} from "../layout/origins.ts";
import { STACK_TRACES } from "../layout/recording.ts";
import { BLOCK, CPU, regs, SP } from "../layout/registers.ts";
import { GARBAGE } from "../layout/shadow_states.ts";
import { ORIGINS_MAX } from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import { originAt, readOf } from "../layout/origins.ts";
import { type Backtrace, backtraceAt, putBacktrace } from "../calls/backtrace.ts";
import { uninitUse } from "../hooks/uninit.ts";
import { functionById } from "../calls/registry.ts";
import { oops, OOPS_GARBAGE } from "../findings/oops.ts";
import { fnAt } from "../words/cpu_state.ts";
import { poison } from "./shadow.ts";
import type { Fn, Struct } from "./struct_type.ts";

const { ctl, mem, origins, pcpu } = views();

function followed(what: string): never {
  uninitUse(what);
  oops(OOPS_GARBAGE, 0, 0, what);
}

/** A pointer that was never written. */
export const UNINIT_POINTER: Struct = new Proxy({} as Struct, {
  get(_, field): unknown {
    if (field === "a") return GARBAGE; // what a store of it leaves
    if (field === Symbol.toPrimitive) return undefined; // a primitive was given it for an address
    if (field === "valueOf" || field === "toString") return undefined;
    return followed(`Field "${String(field)}" of a pointer that was never written.`);
  },
  set(_, field): boolean {
    return followed(`Field "${String(field)}" of a pointer that was never written.`);
  },
});

/** A function pointer that was never written. */
export const UNINIT_FUNCTION: { (): never; id: number } = Object.assign(
  () => followed("Call through a pointer that was never written."),
  { id: GARBAGE },
);

/** The function whose number a cell holds; a number that is none's was never written. */
export function functionStored(id: number): Fn {
  return functionById(id) ?? UNINIT_FUNCTION;
}

/** A cell without a value is being read. */
export function noteUninitRead(a: number): void {
  if (ctl[STACK_TRACES] === 0) return;
  const r = readOf(regs[CPU]);
  origins[r + READ_CELL] = a;
  origins[r + READ_OP] = pcpu[regs[BLOCK] + OP];
  origins[r + READ_DEPTH] = regs[SP];
  origins[r + READ_FN] = fnAt(regs[SP]);
}

/**
 * The cell that a value at hand was read from, or 0 if it is a local variable's. A value is passed up
 * by returning it, or down while the function that read it is still there; anything else was not
 * read in this operation.
 */
export function lastUninitRead(): number {
  if (ctl[STACK_TRACES] === 0) return 0;
  const r = readOf(regs[CPU]);
  if (origins[r + READ_OP] !== pcpu[regs[BLOCK] + OP]) return 0;
  const depth = origins[r + READ_DEPTH];
  return depth >= regs[SP] || fnAt(depth) === origins[r + READ_FN] ? origins[r + READ_CELL] : 0;
}

/** The value of a pointer cell that leads nowhere. */
export function uninitPointer(a: number): Struct {
  noteUninitRead(a);
  return UNINIT_POINTER;
}

/** A value that was never written has been stored: the cell holds none now. */
export function storeUninit(a: number): void {
  mem[a] = GARBAGE;
  poison(a);
  if (ctl[STACK_TRACES] === 0) return;
  const i = Atomics.add(origins, ORIGIN_COUNT, 1);
  if (i >= ORIGINS_MAX) return;
  origins[originAt(i) + ORIGIN_TO] = a;
  origins[originAt(i) + ORIGIN_FROM] = lastUninitRead();
  putBacktrace(origins, originAt(i) + ORIGIN_STACK);
}

/** Forget all origins. */
export function forgetOrigins(): void {
  origins.fill(0);
}

/** Where a value comes from. */
export interface Origin {
  /** Stores that it went through, the last first. */
  readonly stores: readonly Backtrace[];
  /** The cell of an object that was never written; 0 for a local variable. */
  readonly cell: number;
}

/** Stores that an origin remembers at most, as in the kernel. */
const CHAIN_MAX = 7;

/** The origin of the value in cell `a`, or of one that was never in a cell if that is 0. */
export function originOf(a: number): Origin {
  const stores: Backtrace[] = [];
  let cell = a;
  for (let i = Math.min(origins[ORIGIN_COUNT], ORIGINS_MAX) - 1; i >= 0 && cell !== 0; i--) {
    if (origins[originAt(i) + ORIGIN_TO] !== cell) continue;
    const stack = backtraceAt(origins, originAt(i) + ORIGIN_STACK);
    if (stack !== null && stores.length < CHAIN_MAX) stores.push(stack);
    cell = origins[originAt(i) + ORIGIN_FROM];
  }
  return { stores, cell };
}
