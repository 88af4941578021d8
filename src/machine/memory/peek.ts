/**
 * Looking at model memory from outside: no schedule point, no sanitizer, no trace.
 *
 * For oracles and for targets, never for kernel code.
 *
 * @module
 */
import { CELL_WORDS } from "../layout/meta.ts";
import { views } from "../words/arena.ts";
import { type Field } from "./struct_type.ts";
import { locate, objectAt, objectName, structTypes } from "./objects.ts";
import type { Struct, StructType } from "./struct_type.ts";

const { mem, FREE } = views();

/** The fields on a dotted path such as `refcnt.count`, the last one being what it names. */
function fieldsOn(type: StructType, path: string): Field[] {
  const fields: Field[] = [];
  let t: StructType | undefined = type;
  for (const name of path.split(".")) {
    const f: Field | undefined = t?.fields.find((g) => g.name === name);
    if (!f) throw new Error(`Cannot find field "${path}" of ${type.name}`);
    fields.push(f);
    t = f.type;
  }
  return fields;
}

/** Cells from the start of an object to a field, by dotted path. */
export function offsetOf(type: StructType, path: string): number {
  return fieldsOn(type, path).reduce((offset, f) => offset + f.offset, 0);
}

/** The same for each cell of a field: one, or those of an array. */
export function cellsAt(type: StructType, path: string): number[] {
  const first = offsetOf(type, path);
  return Array.from({ length: fieldsOn(type, path).at(-1)!.cells }, (_, i) => first + i);
}

/** The value of a bit, or of several, that a field declares under a name. */
export function bitsOf(type: StructType, path: string, name: string): number {
  const bits = fieldsOn(type, path).at(-1)!.bits?.[name];
  if (bits === undefined) throw new Error(`Cannot find bit "${name}" of ${type.name}.${path}`);
  return bits;
}

/** How far the address in a tagged field is shifted. */
export function shiftOf(type: StructType, path: string): number {
  return fieldsOn(type, path).at(-1)!.pointerShift ?? 0;
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
  const a = o.a + CELL_WORDS * offset;
  return FREE ? Atomics.load(mem, a) : mem[a];
}

/** The cell `offset` cells after address `a`. */
export function peekAt(a: number, offset: number): number {
  return mem[a + CELL_WORDS * offset];
}

/** The same, as a pointer. */
export function peekPointer(o: Struct, offset: number): Struct | null {
  return objectAt(peek(o, offset));
}

/** What is at an address is called that; an address that a corrupt pointer holds may be anything. */
export function nameAt(a: number): string {
  const o = objectAt(a);
  if (o) return objectName(o);
  const at = locate(a);
  return at === null ? `address ${a}` : `${objectName(at.object)}.${at.field}`;
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
  const a = o.a + CELL_WORDS * offset;
  return Atomics.add(mem, a, add) + add;
}
