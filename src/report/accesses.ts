/**
 * The accesses of a trace to cells, and the threads that make them.
 *
 * A thread is one operation, handler or work item on one CPU.
 *
 * @module
 */
import { type AccessKind, accessKind } from "./access_kind.ts";
import type { TracePoint } from "./types.ts";

/** One access. */
export interface Access {
  /** Its place in the trace. */
  readonly index: number;
  readonly cpu: number;
  readonly context: string;
  /** The index of the operation, or -1. */
  readonly op: number;
  /** The innermost function. */
  readonly fn: string;
  readonly kind: AccessKind;
  /** The primitive. */
  readonly what: string;
  /** `obj_cgroup#2` */
  readonly object: string;
  /** `obj_cgroup` */
  readonly struct: string;
  readonly field: string;
  readonly value: string | null;
  readonly thread: string;
}

/** The thread of a point. */
export function threadOf({ context, cpu, op, stack }: TracePoint): string {
  return `${cpu} ${context} ${op >= 0 ? op : stack[0] ?? ""}`;
}

/** All accesses of a trace, in its order. */
export function accessesOf(trace: readonly TracePoint[]): Access[] {
  return trace.flatMap((p, index) => {
    const { cpu, context, op, object, field, stack, value, what } = p;
    const kind = accessKind(what);
    if (kind === null || object === null) return [];
    const fn = stack[stack.length - 1] ?? "";
    const struct = object.replace(/#\d+$/, "");
    const cell = { object, struct, field: field ?? "", value };
    return [{ index, cpu, context, op, fn, kind, what, ...cell, thread: threadOf(p) }];
  });
}
