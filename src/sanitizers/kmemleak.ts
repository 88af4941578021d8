/**
 * kmemleak: objects that are still allocated after everything was taken down.
 *
 * The title says what holds the object, because that tells leaks apart: a pointer in a per-CPU
 * stock, another object, or nothing. The report lists all pointers to the object, a path that leads
 * to it if there is one, and the value of its reference count, to compare with the pointers that
 * were found.
 *
 * @module
 */
import { views } from "../machine/words/arena.ts";
import { describeFindings, oops, oopsKind } from "../machine/findings/oops.ts";
import { offsetOf, typeNamed } from "../machine/memory/peek.ts";
import { forEachLive, isLive, slabUsed } from "../machine/memory/slab.ts";
import { locate, objectName, structTypes } from "../machine/memory/objects.ts";
import { cellNames, type Struct, type StructType } from "../machine/memory/struct_type.ts";
import { countsOf, references, wayTo } from "./kmemleak/graph.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { mem } = views();

/**
 * The first line of the text says what holds the object: an OopsRecord's argument is only a number.
 */
const LEAK = oopsKind(
  "leak",
  "kmemleak",
  (o) => `memory leak: ${o.text.split("\n")[0]}`,
);

function pointerFields(t: StructType, base: number, path: string): { at: number; path: string }[] {
  return t.fields.flatMap((f) => {
    const name = path === "" ? f.name : `${path}.${f.name}`;
    if (f.kind === "ptr") {
      return cellNames(f, name).map((path, i) => ({ at: base + f.offset + i, path }));
    }
    if (f.kind === "embed" && f.type!.name !== "list_head" && f.unionWith === undefined) {
      return pointerFields(f.type!, base + f.offset, name);
    }
    return [];
  });
}

/** What points back to the object that it belongs to, and holds nothing. */
const PART = "percpu_ref_data";

/** `type.field` of the first pointer to `o` in anything alive, or null. */
function holder(o: Struct): string | null {
  for (const t of structTypes()) {
    if (t.objects.length === 0 || t.name === PART) continue;
    const fields = pointerFields(t, 0, "");
    for (const h of t.objects as Struct[]) {
      if (h === o || (!t.isStatic && !isLive(h))) continue;
      for (const f of fields) {
        const v = mem[h.a + 2 * f.at];
        if (v >= o.a && v < o.a + 2 * o.type.cells) return `${t.name}.${f.path}`;
      }
    }
  }
  return null;
}

/** Fields that point to objects which are never freed: each CPU runs a task, each task is in a css_set. */
const KEEPERS: readonly (readonly [type: string, field: string])[] = [
  ["rq", "curr"],
  ["task_struct", "cgroups"],
];
/** Types of which the objects of the booted kernel go, too, and must be freed. */
const REPLACED = ["task_struct"];
/** Leaks are reported in this order of types; all other types come last. */
const ORDER = ["kmem_object", "page", "obj_cgroup", "mem_cgroup"];
const rank = (t: StructType) => (ORDER.indexOf(t.name) + ORDER.length + 1) % (ORDER.length + 1);

let types: StructType[] = [];
/** Objects of each type that the booted kernel had handed out, and that may stay. */
let booted: number[] = [];
/** The objects that have these fields, and the address of the field in each. */
let keepers: { holder: Struct; at: number }[] = [];

function isKept(o: Struct): boolean {
  for (let i = 0; i < keepers.length; i++) {
    const { holder, at } = keepers[i];
    if (mem[at] === o.a && (holder.type.isStatic || isLive(holder))) return true;
  }
  return false;
}

/** Every object that should have been freed, in the order of {@linkcode types}. */
function forEachLeak(f: (o: Struct) => void): void {
  for (let i = 0; i < types.length; i++) {
    forEachLive(types[i], (o: Struct) => {
      if (o.index >= booted[i] && !isKept(o)) f(o);
    });
  }
}

/** The lines of a report about a leaked object. */
function describeLeak(o: Struct): string {
  const all = references();
  const to = all.filter((r) => r.to === o && r.holder !== o);
  const way = wayTo(o, all);
  const others: string[] = [];
  forEachLeak((other) => other !== o && others.push(objectName(other)));
  return [
    ...countsOf(o),
    to.length === 0 ? "No pointer to it was found" : `Pointers to it, ${to.length} in all:`,
    ...to.map((r) => ` ${r.place}${r.into === "" ? "" : ` (to its ${r.into})`}`),
    way === null
      ? "It cannot be reached from any variable or queue"
      : `It can be reached: ${way.map((r) => r.place).join(" -> ")} -> ${objectName(o)}`,
    ...(others.length === 0 ? [] : [`Left as well: ${others.join(", ")}`]),
  ].join("\n");
}

export const kmemleak: Sanitizer = {
  name: "kmemleak",
  doc: "Objects that are left after everything was freed, removed and drained.",
  free: true,
  attach() {
    types = structTypes().filter((t) => !t.isStatic && t.objects.length > 0)
      .sort((a, b) => rank(a) - rank(b));
    booted = types.map((t) => REPLACED.includes(t.name) ? 0 : slabUsed(t));
    keepers = KEEPERS.flatMap(([name, field]) => {
      const t = typeNamed(name);
      const at = t === undefined ? 0 : 2 * offsetOf(t, field);
      return (t?.objects ?? []).map((holder: Struct) => ({ holder, at: holder.a + at }));
    });
    describeFindings((kind, a) => kind === LEAK ? describeLeak(locate(a)!.object) : "");
  },
  end() {
    let first: Struct | null = null;
    forEachLeak((o) => first ??= o);
    if (first !== null) report(first);
  },
};

function report(o: Struct): never {
  const by = holder(o);
  const held = by === null ? "that nobody points to" : `held by ${by}`;
  oops(
    LEAK,
    0,
    o.a,
    `${o.type.name} ${held}\n${objectName(o)} was never freed`,
  );
}
