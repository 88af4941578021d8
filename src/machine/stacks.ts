/**
 * Who allocated and who freed each object, and who set off the deferred work that had to do with it:
 * the shadow call stack at that moment.
 *
 * Captured only while an execution is recorded, since nobody reads it otherwise.
 *
 * @module
 */
import * as arena from "./arena.ts";
import { STACK_OBJECTS, STACK_WORDS, STACKS_PER_OBJECT } from "./arena.ts";
import { STACK_TRACES } from "./control.ts";
import { CONTEXT } from "./percpu.ts";
import * as registers from "./registers.ts";
import { BLOCK, CPU, fnAt, SP } from "./registers.ts";
import { onAllocation } from "./slab.ts";
import { ordinalOf, outermost, type Struct } from "./struct.ts";

const { ctl, pcpu, stacks } = arena;
const { regs } = registers;

/** What is remembered of an object; the last two as KASAN's auxiliary stacks, newest first. */
export const ALLOCATED = 0;
export const FREED_BY = 1;
export const WORK_CREATED = 2;
export const WORK_CREATED_BEFORE = 3;

/** Words of a record: unused, depth, CPU, context, then functions, outermost first. */
const DEPTH = 1;
const BY_CPU = 2;
const IN_CONTEXT = 3;
const HEADER = 4;

function recordAt(ordinal: number, which: number): number {
  return (STACKS_PER_OBJECT * ordinal + which) * STACK_WORDS;
}

function capture(o: Struct, which: number): void {
  const n = ordinalOf(o);
  if (n === 0 || n >= STACK_OBJECTS) return;
  const s = recordAt(n, which);
  const depth = Math.min(regs[SP], STACK_WORDS - HEADER);
  stacks[s + DEPTH] = depth;
  stacks[s + BY_CPU] = regs[CPU];
  stacks[s + IN_CONTEXT] = pcpu[regs[BLOCK] + CONTEXT];
  for (let d = 0; d < depth; d++) stacks[s + HEADER + d] = fnAt(regs[SP] - depth + 1 + d);
}

function allocated(o: Struct): void {
  if (ctl[STACK_TRACES] === 0) return;
  // A new life: what happened in the one before is not its own.
  for (let w = 0; w < STACKS_PER_OBJECT; w++) stacks[recordAt(ordinalOf(o), w) + DEPTH] = 0;
  capture(o, ALLOCATED);
}

function freed(o: Struct): void {
  if (ctl[STACK_TRACES] !== 0) capture(o, FREED_BY);
}

/** Forget the stacks of the last execution that was recorded. */
export function forgetStacks(): void {
  stacks.fill(0);
}

/** Capture stacks on this CPU from now on. */
export function captureStacks(): void {
  onAllocation({ allocated, freed });
}

/**
 * kasan_record_aux_stack(): remember who queues a callback or a work item inside this object. Of
 * what was remembered before, one is kept.
 */
export function recordAuxStack(inside: Struct): void {
  if (ctl[STACK_TRACES] === 0) return;
  const o = outermost(inside);
  const n = ordinalOf(o);
  if (n === 0) return;
  const s = recordAt(n, WORK_CREATED);
  stacks.copyWithin(recordAt(n, WORK_CREATED_BEFORE), s, s + STACK_WORDS);
  capture(o, WORK_CREATED);
}

/** A remembered stack: functions by number, outermost first. */
export interface StackRecord {
  readonly cpu: number;
  readonly context: number;
  readonly functions: readonly number[];
}

/** What is remembered of an object, or null. */
export function stackOf(o: Struct, which: number): StackRecord | null {
  const n = ordinalOf(o);
  const s = recordAt(n, which);
  const depth = stacks[s + DEPTH];
  if (n === 0 || depth === 0) return null;
  return {
    cpu: stacks[s + BY_CPU],
    context: stacks[s + IN_CONTEXT],
    functions: [...stacks.subarray(s + HEADER, s + HEADER + depth)],
  };
}
