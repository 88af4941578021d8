/**
 * From a recorded execution to what a report is made of.
 *
 * @module
 */
import { PRIMITIVES } from "../../machine/layout/primitives.ts";
import { TRACED } from "../../machine/layout/recording.ts";
import { GARBAGE } from "../../machine/layout/shadow_states.ts";
import { TRACE_WORDS } from "../../machine/layout/sizes.ts";
import { views } from "../../machine/words/arena.ts";
import type { Backtrace } from "../../machine/calls/backtrace.ts";
import {
  PRIM_INTERRUPT,
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
} from "../../machine/record/trace.ts";
import { type OopsRecord, titleOf } from "../../machine/findings/oops.ts";
import { functionName } from "../../machine/calls/registry.ts";
import {
  ALLOCATED,
  FREED_BY,
  stackOf,
  WORK_CREATED,
  WORK_CREATED_BEFORE,
} from "../../machine/record/stacks.ts";
import { locate, objectName, pointerName } from "../../machine/memory/struct.ts";
import type { Struct } from "../../machine/memory/struct_type.ts";
import { fieldKind } from "../../machine/memory/peek.ts";
import { CONTEXTS } from "../../prog/types.ts";
import { active } from "../../sanitizers/active.ts";
import { nearestObject, unitOf } from "../../machine/memory/nearest.ts";
import { originOf } from "../../machine/memory/uninit.ts";
import type { Finding, Site, TracePoint } from "../../report/types.ts";

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

/** Records that are no primitives, by their negative number. */
const WHAT: Readonly<Record<number, string>> = {
  [-PRIM_INTERRUPT]: "interrupt",
  [-PRIM_SOFTIRQ]: "softirq",
  [-PRIM_NOTHING]: "nothing",
};

/** The record at word `r`, in words. */
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
 * Context switches of the last recorded execution: how often a point is another CPU's than the one
 * before. Handing the baton to whoever begins, and back at the end, is no switch.
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

function siteOf({ cpu, context, functions }: Backtrace): Site {
  return { cpu, context: CONTEXTS[context], stack: functions.map(functionName) };
}

/** A stack that is remembered for an object, if it is. */
function remembered(o: Struct | null, which: number): Site | undefined {
  const r = o === null ? null : stackOf(o, which);
  if (r === null) return undefined;
  return siteOf(r);
}

/** Where the other CPUs are: their last recorded point. */
function others(cpu: number): Site[] {
  const last = new Map<number, TracePoint>();
  for (let i = 0; i < ctl[TRACED]; i++) {
    const p = tracePoint(i * TRACE_WORDS);
    if (p.cpu !== cpu) last.set(p.cpu, p);
  }
  return [...last.values()].sort((x, y) => x.cpu - y.cpu);
}

/** The access that KASAN found bad. */
function accessOf(o: OopsRecord): Finding["access"] {
  if (o.kind.oracle !== "KASAN" || o.addr === 0) return undefined;
  const at = locate(o.addr);
  const object = nearestObject(o.addr);
  const description = active.describe(o.addr);
  return {
    write: (o.arg & 1) !== 0,
    size: (o.arg >> 1) * (object === null ? 1 : unitOf(object.type)),
    address: o.addr,
    object: at === null ? null : objectName(at.object),
    field: at === null ? null : at.field,
    belongs: description?.belongs ?? [],
    around: description?.around ?? [],
  };
}

/** Where a value that KMSAN complains of was born, and where it was stored since. */
function originsOf(o: OopsRecord): Finding["origin"] {
  if (o.kind.oracle !== "KMSAN") return undefined;
  const { stores, cell } = originOf(o.addr);
  const at = cell === 0 ? null : locate(cell);
  const born = cell !== 0
    ? undefined
    : stores.length === 0
    ? o.fn
    : siteOf(stores.at(-1)!).stack.at(-1);
  return {
    stored: stores.map(siteOf),
    created: at === null ? undefined : remembered(at.object, ALLOCATED),
    field: at === null ? undefined : `${objectName(at.object)}.${at.field}`,
    local: born,
  };
}

/** The finding of the last execution, complete. */
export function findingOf(o: OopsRecord): Finding {
  const object = o.addr === 0 || o.kind.oracle === "KMSAN" ? null : nearestObject(o.addr);
  const works = [remembered(object, WORK_CREATED), remembered(object, WORK_CREATED_BEFORE)];
  return {
    title: titleOf(o),
    oracle: o.kind.oracle,
    detail: o.text === "" ? [] : o.text.split("\n"),
    access: accessOf(o),
    origin: originsOf(o),
    at: { cpu: o.cpu, context: CONTEXTS[o.context], stack: o.stack },
    allocated: remembered(object, ALLOCATED),
    freed: remembered(object, FREED_BY),
    works: works.filter((w) => w !== undefined),
    others: others(o.cpu),
  };
}
