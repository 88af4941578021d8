/**
 * Looking at model memory from outside: no schedule point, no sanitizer, no trace.
 *
 * For oracles and for targets, never for kernel code.
 *
 * @module
 */
import { views } from "../words/arena.ts";
import { locate, objectAt, objectName, structTypes } from "./struct.ts";
import type { Struct, StructType } from "./struct_type.ts";

const { mem, FREE } = views();

/** Cells from the start of an object to a field, by dotted path such as `refcnt.count`. */
export function offsetOf(type: StructType, path: string): number {
  let offset = 0;
  let t: StructType | undefined = type;
  for (const name of path.split(".")) {
    const f: StructType["fields"][number] | undefined = t?.fields.find((g) => g.name === name);
    if (!f) throw new Error(`Cannot find field "${path}" of ${type.name}`);
    offset += f.offset;
    t = f.type;
  }
  return offset;
}

/** Whether a structure has a field of that name: kernels differ in what they keep. */
export function hasField(type: StructType, name: string): boolean {
  return type.fields.some((f) => f.name === name);
}

/** Structure type by name. */
export function typeNamed(name: string): StructType | undefined {
  return structTypes().find((t) => t.name === name);
}

/** The value of the cell `offset` cells into an object. */
export function peek(o: Struct, offset: number): number {
  const a = o.a + 2 * offset;
  return FREE ? Atomics.load(mem, a) : mem[a];
}

/** The cell `offset` cells after address `a`. */
export function peekAt(a: number, offset: number): number {
  return mem[a + 2 * offset];
}

/** The same, as a pointer. */
export function peekPointer(o: Struct, offset: number): Struct | null {
  return objectAt(peek(o, offset));
}

/** What the object at an address is called. */
export function nameAt(a: number): string {
  return objectName(objectAt(a)!);
}

/** The kind of the field that the cell at an address belongs to. */
export function fieldKind(a: number): string {
  const at = locate(a);
  if (at === null) return "int";
  let fields = at.object.type.fields;
  let kind = "int";
  for (const name of at.field.replace(/\[\d+\]/, "").split(".")) {
    const f = fields.find((g) => g.name === name);
    if (!f) return kind;
    kind = f.kind;
    fields = f.type?.fields ?? [];
  }
  return kind;
}

/** Change a cell from outside: only for what the model leaves out. Returns the new value. */
export function poke(o: Struct, offset: number, add: number): number {
  const a = o.a + 2 * offset;
  return Atomics.add(mem, a, add) + add;
}
