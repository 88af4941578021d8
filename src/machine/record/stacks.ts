/**
 * Who allocated and who freed each object, and who set off the deferred work that had to do with it:
 * the shadow call stack at that moment.
 *
 * Captured only while an execution is recorded, since nobody reads it otherwise.
 *
 * @module
 */
import { STACK_TRACES } from "../layout/recording.ts";
import { STACK_WORDS, STACKS_PER_OBJECT } from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import { type Backtrace, backtraceAt, dropBacktrace, putBacktrace } from "../calls/backtrace.ts";
import { onAllocation } from "../memory/slab.ts";
import { ordinalOf, outermost } from "../memory/objects.ts";
import type { Struct } from "../memory/struct_type.ts";
import { forgetOrigins } from "../memory/uninit.ts";

const { ctl, stacks } = views();

/** What is remembered of an object; the last two as KASAN's auxiliary stacks, newest first. */
export const ALLOCATED = 0;
export const FREED_BY = 1;
export const WORK_CREATED = 2;
export const WORK_CREATED_BEFORE = 3;

function recordAt(ordinal: number, which: number): number {
  return (STACKS_PER_OBJECT * ordinal + which) * STACK_WORDS;
}

function capture(o: Struct, which: number): void {
  const n = ordinalOf(o);
  if (n !== 0) putBacktrace(stacks, recordAt(n, which));
}

function allocated(o: Struct): void {
  if (ctl[STACK_TRACES] === 0) return;
  // A new life: what happened in the one before is not its own.
  for (let w = 0; w < STACKS_PER_OBJECT; w++) dropBacktrace(stacks, recordAt(ordinalOf(o), w));
  capture(o, ALLOCATED);
}

function freed(o: Struct): void {
  if (ctl[STACK_TRACES] !== 0) capture(o, FREED_BY);
}

/** Forget what the last recorded execution has put by. */
export function forgetStacks(): void {
  stacks.fill(0);
  forgetOrigins();
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

/** What is remembered of an object, or null. */
export function stackOf(o: Struct, which: number): Backtrace | null {
  const n = ordinalOf(o);
  return n === 0 ? null : backtraceAt(stacks, recordAt(n, which));
}
