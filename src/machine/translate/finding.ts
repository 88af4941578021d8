/**
 * The finding of a recorded execution, with names instead of numbers.
 *
 * @module
 */
import type { Backtrace } from "../calls/backtrace.ts";
import { functionName } from "../calls/registry.ts";
import { type OopsRecord, titleOf } from "../findings/oops.ts";
import { judgedCells } from "../findings/judged_cells.ts";
import { nearestObject, unitOf } from "../memory/nearest.ts";
import { locate, objectName } from "../memory/objects.ts";
import type { Struct } from "../memory/struct_type.ts";
import { originOf } from "../memory/uninit.ts";
import {
  ALLOCATED,
  FREED_BY,
  stackOf,
  WORK_CREATED,
  WORK_CREATED_BEFORE,
} from "../record/stacks.ts";
import { tracePoints } from "./points.ts";
import { CONTEXTS } from "../../prog/types.ts";
import { type Finding, type Site, type TracePoint, WHEN } from "../../report/types.ts";
import { OOPS_KIND, PHASE } from "../layout/oops.ts";
import { views } from "../words/arena.ts";

const { ctl } = views();

/** The owner and the state of the memory around an address; null if no sanitizer knows. */
export type Describe = (
  address: number,
) => { readonly belongs: readonly string[]; readonly around: readonly string[] } | null;

function siteOf({ cpu, context, functions }: Backtrace): Site {
  return { cpu, context: CONTEXTS[context], stack: functions.map(functionName) };
}

/** A stack that was recorded for an object, if there is one. */
function remembered(o: Struct | null, which: number): Site | undefined {
  const r = o === null ? null : stackOf(o, which);
  if (r === null) return undefined;
  return siteOf(r);
}

/** The other CPUs, each at its last recorded point. */
function others(cpu: number): Site[] {
  const last = new Map<number, TracePoint>();
  for (const p of tracePoints()) if (p.cpu !== cpu) last.set(p.cpu, p);
  return [...last.values()].sort((x, y) => x.cpu - y.cpu);
}

/** The access that KASAN reports. */
function accessOf(o: OopsRecord, describe: Describe): Finding["access"] {
  if (o.kind.oracle !== "KASAN" || o.addr === 0) return undefined;
  const at = locate(o.addr);
  const object = nearestObject(o.addr);
  const description = describe(o.addr);
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

/** The cells that a law added up; else the cell, or the object, at the address of the finding. */
function cellsOf(o: OopsRecord): Finding["cells"] {
  if (o.addr === 0 || o.kind.oracle === "KMSAN") return [];
  const judged = judgedCells(ctl[OOPS_KIND], o.addr);
  return (judged.length > 0 ? judged : [o.addr]).flatMap((a) => {
    const at = locate(a);
    if (at === null) return [];
    // The address of an object stands for all of it.
    const isWhole = judged.length === 0 && (a === at.object.a || at.field === "");
    return [{ object: objectName(at.object), field: isWhole ? null : at.field }];
  });
}

/** The origin of a value that KMSAN reports, and its stores since. */
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
export function findingOf(o: OopsRecord, describe: Describe): Finding {
  const object = o.addr === 0 || o.kind.oracle === "KMSAN" ? null : nearestObject(o.addr);
  const works = [remembered(object, WORK_CREATED), remembered(object, WORK_CREATED_BEFORE)];
  return {
    title: titleOf(o),
    oracle: o.kind.oracle,
    detail: o.text === "" ? [] : o.text.split("\n"),
    access: accessOf(o, describe),
    cells: cellsOf(o),
    origin: originsOf(o),
    at: { cpu: o.cpu, context: CONTEXTS[o.context], stack: o.stack },
    when: WHEN[ctl[PHASE]],
    allocated: remembered(object, ALLOCATED),
    freed: remembered(object, FREED_BY),
    works: works.filter((w) => w !== undefined),
    others: others(o.cpu),
  };
}
