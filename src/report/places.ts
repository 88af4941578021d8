/**
 * The places of a finding's conflict, and whether another execution comes through them.
 *
 * A kernel on which a conflict was mended still has its places as a rule. How often both are passed
 * in one execution, by different threads and at one cell, says how hard it was tried.
 *
 * @module
 */
import { type Access, accessesOf } from "./accesses.ts";
import { making, type MakingAccess } from "./making.ts";
import type { TraceInput, TracePoint } from "./types.ts";

/** An access, without what varies from one execution to another. */
export interface Place {
  /** The innermost function, and the one that called it; empty if there is none. */
  readonly fn: string;
  readonly caller: string;
  readonly struct: string;
  readonly field: string;
}

const threadOf = ({ context, cpu, op }: MakingAccess) => `${cpu} ${context} ${op}`;

/**
 * The two places of a finding: the access at which it was made, or else the last of its conflicts, and
 * the last that another thread made to the same cell. Empty if there are none: then no conflict of two
 * threads makes it.
 */
export function placesOf(input: Pick<TraceInput, "finding" | "trace">): Place[] {
  const placeOf = ({ field, fn, index, struct }: MakingAccess): Place => ({
    fn,
    caller: input.trace[index].stack.at(-2) ?? "",
    struct,
    field,
  });
  const made = making(input);
  const conflicts = made.filter(({ why }) => why === "conflict" || why === "finding");
  for (const one of conflicts.toReversed()) {
    const other = made.findLast((a) =>
      threadOf(a) !== threadOf(one) && a.object === one.object && a.field === one.field
    );
    if (other !== undefined) return [placeOf(one), placeOf(other)];
  }
  return [];
}

/** What mends a conflict often replaces its access, so the function around it will do. */
function isAt(a: Access, stack: readonly string[], { caller, field, fn, struct }: Place): boolean {
  if (a.struct !== struct || a.field !== field) return false;
  return a.fn === fn || (caller !== "" && stack.at(-2) === caller);
}

/** Whether two threads of an execution came through the two places, at one cell. */
export function comesThrough(trace: readonly TracePoint[], places: readonly Place[]): boolean {
  if (places.length !== 2) return false;
  const accesses = accessesOf(trace);
  const [first, second] = places.map((place) =>
    accesses.filter((a) => isAt(a, trace[a.index].stack, place))
  );
  return first.some((a) => second.some((b) => a.thread !== b.thread && a.object === b.object));
}
