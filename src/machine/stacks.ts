/**
 * Who allocated and who freed each object: the shadow call stack at that moment.
 *
 * Captured only while an execution is recorded, since nobody reads it otherwise.
 *
 * @module
 */
import * as arena from "./arena.ts";
import { STACK_OBJECTS, STACK_WORDS } from "./arena.ts";
import { STACK_TRACES } from "./control.ts";
import { CONTEXT } from "./percpu.ts";
import * as registers from "./registers.ts";
import { BLOCK, CPU, fnAt, SP } from "./registers.ts";
import { onAllocation } from "./slab.ts";
import { ordinalOf, type Struct } from "./struct.ts";

const { ctl, pcpu, stacks } = arena;
const { regs } = registers;

/** Words of a record: unused, depth, CPU, context, then functions, outermost first. */
const HEADER = 4;

function capture(o: Struct, freed: number): void {
  if (ctl[STACK_TRACES] === 0) return;
  const n = ordinalOf(o);
  if (n === 0 || n >= STACK_OBJECTS) return;
  const s = (2 * n + freed) * STACK_WORDS;
  const depth = Math.min(regs[SP], STACK_WORDS - HEADER);
  stacks[s + 1] = depth;
  stacks[s + 2] = regs[CPU];
  stacks[s + 3] = pcpu[regs[BLOCK] + CONTEXT];
  for (let d = 0; d < depth; d++) stacks[s + HEADER + d] = fnAt(regs[SP] - depth + 1 + d);
  // A new life: the free of the one before is not its own.
  if (freed === 0) stacks[(2 * n + 1) * STACK_WORDS + 1] = 0;
}

/** Capture stacks on this CPU from now on. */
export function captureStacks(): void {
  onAllocation({ allocated: (o) => capture(o, 0), freed: (o) => capture(o, 1) });
}
