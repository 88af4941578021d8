/**
 * The pointers in all allocated objects, for the reports of kmemleak.
 *
 * A pointer may lead into the middle of an object, as the pointers of a list do. Roots are the
 * variables (per-CPU variables included), the callbacks that wait for a grace period, and queued
 * work.
 *
 * @module
 */
import { NCPUS } from "../../machine/layout/cpus.ts";
import { views } from "../../machine/words/arena.ts";
import { forEachCallback } from "../../machine/context/grace.ts";
import { typeNamed } from "../../machine/memory/peek.ts";
import { RefReader } from "../../machine/memory/refs.ts";
import { isLive } from "../../machine/memory/slab.ts";
import { locate, objectName, structTypes } from "../../machine/memory/objects.ts";
import { cellNames, type Struct, type StructType } from "../../machine/memory/struct_type.ts";
import { forEachWork } from "../../machine/context/work.ts";

const { ctl, mem } = views();

/** A pointer: where it is stored, and the object to which or into which it leads. */
export interface Reference {
  /** The object that contains the pointer; null for a queue of the machine. */
  readonly holder: Struct | null;
  /** `memcg_stock_pcp#0.cached_objcg` */
  readonly place: string;
  readonly to: Struct;
  /** The field that it leads to; "" if it leads to the object itself. */
  readonly into: string;
}

interface PointerField {
  readonly offset: number;
  readonly path: string;
  readonly shift: number;
}

function pointerFields(t: StructType, base: number, path: string): PointerField[] {
  return t.fields.flatMap((f) => {
    if (f.unionWith !== undefined) return []; // another field has the same cells
    const name = path + f.name;
    const offset = base + f.offset;
    if (f.kind === "ptr") {
      return cellNames(f, name).map((path, i) => ({ offset: offset + i, path, shift: 0 }));
    }
    if (f.pointerShift !== undefined) return [{ offset, path: name, shift: f.pointerShift }];
    return f.kind === "embed" ? pointerFields(f.type!, offset, `${name}.`) : [];
  });
}

function reference(holder: Struct | null, place: string, v: number): Reference[] {
  const at = v <= 0 ? null : locate(v);
  if (at === null || !isAllocated(at.object)) return [];
  return [{ holder, place, to: at.object, into: v === at.object.a ? "" : at.field }];
}

function isAllocated(o: Struct): boolean {
  return o.type.isStatic || isLive(o);
}

/** All pointers, in the order of the addresses at which they are stored. */
export function references(): Reference[] {
  const found: Reference[] = [];
  for (const t of structTypes()) {
    if (t.objects.length === 0) continue;
    const fields = pointerFields(t, 0, "");
    for (const o of t.objects as Struct[]) {
      if (!isAllocated(o)) continue;
      for (const f of fields) {
        const place = `${objectName(o)}.${f.path}`;
        found.push(...reference(o, place, mem[o.a + 2 * f.offset] >> f.shift));
      }
    }
  }
  forEachCallback((a) => found.push(...reference(null, "a callback that waits for RCU", a)));
  for (let c = 0; c < ctl[NCPUS]; c++) {
    forEachWork(c, (a) => found.push(...reference(null, `the work queue of CPU${c}`, a)));
  }
  return found;
}

/** The shortest path from a root to `o`, as the pointers to follow; null if there is none. */
export function wayTo(o: Struct, all: readonly Reference[]): Reference[] | null {
  const via = new Map<Struct, Reference>();
  let front = all.filter((r) => r.holder === null || r.holder.type.isStatic);
  while (front.length > 0) {
    const next: Struct[] = [];
    for (const r of front) {
      if (via.has(r.to) || r.to.type.isStatic) continue;
      via.set(r.to, r);
      next.push(r.to);
    }
    if (via.has(o)) break;
    front = all.filter((r) => r.holder !== null && next.includes(r.holder));
  }
  const way: Reference[] = [];
  for (let r = via.get(o); r !== undefined;) {
    way.unshift(r);
    r = r.holder === null || r.holder.type.isStatic ? undefined : via.get(r.holder);
  }
  return way.length === 0 ? null : way;
}

/** Paths of the percpu_refs in a structure. */
function refsOf(t: StructType, path = ""): string[] {
  return t.fields.flatMap((f) => {
    if (f.kind !== "embed") return [];
    const name = path + f.name;
    return f.type!.name === "percpu_ref" ? [name] : refsOf(f.type!, `${name}.`);
  });
}

/** The values of the reference counts in an object, one line each. */
export function countsOf(o: Struct): string[] {
  if (typeNamed("percpu_ref") === undefined) return [];
  return refsOf(o.type).map((path) => {
    const ref = new RefReader(o.type, path);
    const percpu = ref.isPercpu(o.a);
    const count = percpu ? ref.references(o.a) : ref.word(o.a);
    return `${objectName(o)}.${path} counts ${count} (${percpu ? "per-CPU" : "atomic"} mode)`;
  });
}
