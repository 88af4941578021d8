/**
 * Stacks put by for reports: the shadow call stack of this CPU, copied into words.
 *
 * @module
 */
import { CONTEXT } from "../layout/contexts.ts";
import { BLOCK, CPU, regs, SP } from "../layout/registers.ts";
import { STACK_WORDS } from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import { fnAt } from "../words/cpu_state.ts";

const { pcpu } = views();

/** Words of a record: depth, CPU, context, then functions, outermost first. */
const DEPTH = 0;
const BY_CPU = 1;
const IN_CONTEXT = 2;
const HEADER = 3;

/** A stack that was put by: functions by number, outermost first. */
export interface Backtrace {
  readonly cpu: number;
  readonly context: number;
  readonly functions: readonly number[];
}

/** Copy this CPU's stack to `words[at]` and following, {@linkcode STACK_WORDS} of them. */
export function putBacktrace(words: Int32Array, at: number): void {
  const depth = Math.min(regs[SP], STACK_WORDS - HEADER);
  words[at + DEPTH] = depth;
  words[at + BY_CPU] = regs[CPU];
  words[at + IN_CONTEXT] = pcpu[regs[BLOCK] + CONTEXT];
  for (let d = 0; d < depth; d++) words[at + HEADER + d] = fnAt(regs[SP] - depth + 1 + d);
}

/** Forget what was put by there. */
export function dropBacktrace(words: Int32Array, at: number): void {
  words[at + DEPTH] = 0;
}

/** What was put by there, or null. */
export function backtraceAt(words: Int32Array, at: number): Backtrace | null {
  const depth = words[at + DEPTH];
  if (depth === 0) return null;
  return {
    cpu: words[at + BY_CPU],
    context: words[at + IN_CONTEXT],
    functions: [...words.subarray(at + HEADER, at + HEADER + depth)],
  };
}
