/**
 * kmemleak: objects that are still there after everything was taken down.
 *
 * The title says who holds the object, which is what tells leaks apart: a pointer in a per-CPU
 * stock, another object, or nobody.
 *
 * @module
 */
import * as arena from "../machine/arena.ts";
import { oops, oopsKind } from "../machine/oops.ts";
import { forEachLive, isLive } from "../machine/slab.ts";
import { objectName, type Struct, type StructType, structTypes } from "../machine/struct.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { mem } = arena;

/** Who holds the leaked object, by the last leak found; OopsRecord has room for numbers only. */
const LEAK = oopsKind(
  "leak",
  "kmemleak",
  (o) => `memory leak: ${o.text.split("\n")[0]}`,
);

function pointerFields(t: StructType, base: number, path: string): { at: number; path: string }[] {
  return t.fields.flatMap((f) => {
    const name = path === "" ? f.name : `${path}.${f.name}`;
    if (f.kind === "ptr") return [{ at: base + f.offset, path: name }];
    if (f.kind === "embed" && f.type!.name !== "list_head" && f.unionWith === undefined) {
      return pointerFields(f.type!, base + f.offset, name);
    }
    return [];
  });
}

/** `type.field` of the first pointer to `o` in anything alive, or null. */
function holder(o: Struct): string | null {
  for (const t of structTypes()) {
    if (t.objects.length === 0) continue;
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

/** Types whose objects the tasks keep for good. */
const KEPT = new Set(["css_set"]);
/** What holds other things is named last. */
const ORDER = ["kmem_object", "page", "obj_cgroup", "mem_cgroup"];
const rank = (t: StructType) => (ORDER.indexOf(t.name) + ORDER.length + 1) % (ORDER.length + 1);

let types: StructType[] = [];
let booted: number[] = [];

export const leak: Sanitizer = {
  name: "kmemleak",
  doc: "Objects that are left when everything was freed, removed and drained.",
  free: true,
  attach() {
    types = structTypes().filter((t) => !t.isStatic && t.objects.length > 0 && !KEPT.has(t.name))
      .sort((a, b) => rank(a) - rank(b));
  },
  end() {
    if (booted.length === 0) booted = types.map((t) => bootCount(t));
    for (let i = 0; i < types.length; i++) {
      let first: Struct | null = null;
      forEachLive(types[i], (o: Struct) => {
        if (first === null && o.index >= booted[i]) first = o;
      });
      if (first !== null) report(first);
    }
  },
};

/** Objects of the booted kernel: the live ones of the image. */
function bootCount(t: StructType): number {
  return t.name === "mem_cgroup" ? 1 : 0;
}

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
