/**
 * The points of a recorded execution, with names instead of numbers.
 *
 * @module
 */
import { PRIMITIVES } from "../layout/primitives.ts";
import { TRACED } from "../layout/recording.ts";
import {
  PRIM_INTERRUPT,
  PRIM_KWORKER,
  PRIM_NOTHING,
  PRIM_SOFTIRQ,
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
import { functionName } from "../calls/registry.ts";
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

/** The record at word `r`, with names. */
function tracePoint(r: number): TracePoint {
  const prim = trace[r + R_PRIM];
  const a = prim < 0 ? 0 : trace[r + R_ADDR];
  const at = a === 0 ? null : locate(a);
  const stack: string[] = [];
  for (let d = 0; d < trace[r + R_DEPTH]; d++) stack.push(functionName(trace[r + R_STACK + d]));
  return {
    cpu: trace[r + R_CPU],
    context: CONTEXTS[trace[r + R_CONTEXT]],
    stack,
    what: prim >= 0 ? PRIMITIVES[prim] : WHAT[-prim],
    object: at === null ? null : objectName(at.object),
    field: at === null ? null : at.field,
    value: a === 0 ? null : valueText(a, trace[r + R_VALUE]),
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
