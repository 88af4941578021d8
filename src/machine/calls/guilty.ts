/**
 * Who is named: the function that a title or a race is about.
 *
 * @module
 */
import { FLOOR, regs, SP } from "../layout/registers.ts";
import { fnAt } from "../words/cpu_state.ts";
import { isInline } from "./registry.ts";

/**
 * The innermost function at or around frame `s` that is not an inlined helper. A handler answers for
 * itself: one that is made of helpers only is named for the outermost of them, never for the function
 * that it happened to interrupt, which would be another one in every schedule.
 */
export function guiltyAt(s: number): number {
  const first = regs[FLOOR] + 1;
  while (s > first && isInline(fnAt(s))) s--;
  return s < first ? 0 : fnAt(s);
}

/** The function that this CPU is in. */
export function guilty(): number {
  return guiltyAt(regs[SP]);
}
