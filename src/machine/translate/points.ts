/**
 * The points of a recorded execution, with names instead of numbers.
 *
 * @module
 */
import { prim, type Primitive, PRIMITIVES } from "../layout/primitives.ts";
import { TRACED, UNDONE } from "../layout/recording.ts";
import {
  PRIM_INTERRUPT,
  PRIM_KWORKER,
  PRIM_NOTHING,
  PRIM_SOFTIRQ,
  primitiveOf,
  R_ADDR,
  R_CONTEXT,
  R_CPU,
  R_DEPTH,
  R_OP,
  R_PRIM,
  R_REASON,
  R_STACK,
  R_VALUE,
  REASONS,
} from "../layout/records.ts";
import { GARBAGE } from "../layout/shadow_states.ts";
import { TRACE_WORDS } from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import { functionName, isInline } from "../calls/registry.ts";
import { fieldKind } from "../memory/peek.ts";
import { locate, objectName, pointerName } from "../memory/objects.ts";
import { CONTEXTS } from "../../prog/types.ts";
import type { TracePoint } from "../../report/types.ts";

const { ctl, trace } = views();

function valueText(a: number, v: number): string {
  switch (fieldKind(a)) {
    case "ptr":
      return v === GARBAGE ? "uninit" : pointerName(v);
    case "fn":
      return v === 0 ? "NULL" : v === GARBAGE ? "uninit" : functionName(v);
    default:
      return v === GARBAGE ? "uninit" : String(v);
  }
}

/** Names of records that are no primitives, by their negative number. */
const WHAT: Readonly<Record<number, string>> = {
  [-PRIM_INTERRUPT]: "interrupt",
  [-PRIM_SOFTIRQ]: "softirq",
  [-PRIM_KWORKER]: "kworker",
  [-PRIM_NOTHING]: "nothing",
};

/** Points at which an object is handed over; they access no value. */
const OF_OBJECTS: readonly number[] = ["kfree", "call_rcu", "queue_work", "mod_timer", "del_timer"]
  .map((name) => prim(name as Primitive));

const FREE = prim("kfree");

/** The value of the record at word `r`, of the cell at `a`; null if it accessed none. */
function recordedValue(r: number, a: number): string | null {
  if (a === 0 || OF_OBJECTS.includes(trace[r + R_PRIM])) return null;
  return r === (ctl[UNDONE] - 1) * TRACE_WORDS ? null : valueText(a, trace[r + R_VALUE]);
}

/** The function that a title names for record `r`: the innermost that is no inlined helper. */
function owner(r: number): string {
  let d = trace[r + R_DEPTH] - 1;
  while (d > 0 && isInline(trace[r + R_STACK + d])) d--;
  return d < 0 ? "" : functionName(trace[r + R_STACK + d]);
}

/** The record at word `r`, with names. */
function tracePoint(r: number): TracePoint {
  const what = primitiveOf(trace[r + R_PRIM]);
  const a = what < 0 ? 0 : trace[r + R_ADDR];
  const at = a === 0 ? null : locate(a);
  const stack: string[] = [];
  for (let d = 0; d < trace[r + R_DEPTH]; d++) stack.push(functionName(trace[r + R_STACK + d]));
  return {
    cpu: trace[r + R_CPU],
    context: CONTEXTS[trace[r + R_CONTEXT]],
    stack,
    owner: owner(r),
    what: what >= 0 ? PRIMITIVES[what] : WHAT[-what],
    object: at === null ? null : objectName(at.object),
    // A free is of no field.
    field: at === null || at.field === "" || trace[r + R_PRIM] === FREE ? null : at.field,
    value: recordedValue(r, a),
    op: trace[r + R_OP],
    switchReason: REASONS[trace[r + R_REASON]] || null,
  };
}

/**
 * Context switches of the last recorded execution: how often two points in a row belong to
 * different CPUs. The switch to the first CPU and the switch back at the end do not count.
 */
export function contextSwitches(): number {
  let n = 0;
  for (let i = 1; i < ctl[TRACED]; i++) {
    if (trace[i * TRACE_WORDS + R_CPU] !== trace[(i - 1) * TRACE_WORDS + R_CPU]) n++;
  }
  return n;
}

/** All points of the last recorded execution. */
export function tracePoints(): TracePoint[] {
  return Array.from({ length: ctl[TRACED] }, (_, i) => tracePoint(i * TRACE_WORDS));
}

/** Functions on the stack of a CPU at any point of the last recorded execution. */
export function tracedFunctions(): string[] {
  const seen = new Set<number>();
  for (let i = 0; i < ctl[TRACED]; i++) {
    const r = i * TRACE_WORDS;
    for (let d = 0; d < trace[r + R_DEPTH]; d++) seen.add(trace[r + R_STACK + d]);
  }
  return [...seen].map(functionName);
}
