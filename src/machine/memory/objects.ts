/**
 * What lies where in model memory: objects by address, and what they and their fields are called.
 *
 * @module
 */
import { CELL_WORDS } from "../layout/meta.ts";
import { CELLS, STACK_OBJECTS, TYPES_MAX } from "../layout/sizes.ts";
import { pointers } from "../words/pointers.ts";
import type { Field, Struct, StructType } from "./struct_type.ts";
import { watchCell } from "./watch.ts";

/** The wrapper at each address: compiled accessors look objects up here. */
export const objects: (Struct | null)[] = new Array(CELL_WORDS * CELLS).fill(null);
const fieldIds = new Int16Array(CELL_WORDS * CELLS);
const fieldNames: string[] = [""];
const types: StructType[] = [];

/** All structure types, in order of definition. */
export function structTypes(): readonly StructType[] {
  return types;
}

const ordinals = new Int16Array(CELL_WORDS * CELLS);
let nobjects = 1;

/** Number of a whole object among all there can be; 0 for anything else. */
export function ordinalOf(o: Struct): number {
  return ordinals[o.a];
}

/** Members of unions that share their address with another structure. */
const secondMembers: (Struct | null)[] = new Array(CELL_WORDS * CELLS).fill(null);

/** The rcu_head at an address, also where it lies over another member of a union. */
export function headAt(a: number): Struct | null {
  return a === 0 ? null : secondMembers[a] ?? objects[a];
}

/** The object at an address, or null. */
export function objectAt(a: number): Struct | null {
  return a === 0 ? null : objects[a];
}

/** Number of the field at an address, for symbolic schedules; 0 if none. */
export function fieldIdAt(a: number): number {
  return fieldIds[a];
}

/** Number of a field name; 0 if no structure has such a field. */
export function fieldId(name: string): number {
  return Math.max(0, fieldNames.indexOf(name));
}

/** All field names. */
export function fieldNamesAll(): string[] {
  return fieldNames.slice(1);
}

/** Names of all members, embedded structures included. */
const members = new Set<string>();

/** Whether some structure has a member of that name. */
export function isMember(name: string): boolean {
  return members.has(name);
}

function internField(name: string): number {
  const i = fieldNames.indexOf(name);
  if (i >= 0) return i;
  fieldNames.push(name);
  return fieldNames.length - 1;
}

/** Object and field at an address, outermost object, dotted field path; or null. */
export function locate(a: number): { object: Struct; field: string } | null {
  for (const t of types) {
    // An address out of a corrupt pointer may be no number.
    if (!(a >= t.base && a < t.base + t.stride * t.objects.length)) continue;
    const i = Math.floor((a - t.base) / t.stride);
    const object = t.objects[i] as Struct;
    return { object, field: fieldPath(t, (a - object.a) / CELL_WORDS) };
  }
  return null;
}

function fieldPath(t: StructType, offset: number): string {
  if (offset < 0) return "";
  for (const f of t.fields) {
    if (f.unionWith || offset < f.offset || offset >= f.offset + f.cells) continue;
    const rest = offset - f.offset;
    if (f.kind === "embed") return `${f.name}.${fieldPath(f.type!, rest)}`;
    return f.cells > 1 || f.kind === "array" ? `${f.name}[${rest}]` : f.name;
  }
  return "";
}

/** The outermost object that contains a wrapper. */
export function outermost(s: Struct): Struct {
  let o = s;
  while (o.outer !== null) o = o.outer;
  return o;
}

/** `mem_cgroup#1`: how objects are called in reports. */
export function objectName(s: Struct): string {
  const o = outermost(s);
  return `${o.type.name}#${o.index}`;
}

/** A value that a pointer field may hold, as text. */
export function pointerName(v: number): string {
  if (v === 0) return "NULL";
  const o = objects[v];
  return o ? objectName(o) : `0x${v.toString(16)}`;
}

/** Enter what an object's cells mean into the tables, for reports and symbolic schedules. */
export function register(o: Struct, fields: readonly Field[]): void {
  if (objects[o.a] === null) objects[o.a] = o;
  else secondMembers[o.a] = o;
  for (const f of fields) {
    if (f.kind === "embed") continue;
    for (let i = 0; i < f.cells; i++) {
      fieldIds[o.a + CELL_WORDS * (f.offset + i)] ||= internField(f.name);
      if (f.kind === "ptr") pointers[o.a + CELL_WORDS * (f.offset + i)] = 1;
      if (f.watch !== undefined) watchCell(o.a + CELL_WORDS * (f.offset + i), f.watch);
    }
  }
}

/** Enter a type. */
export function addType(type: StructType): void {
  if (types.length >= TYPES_MAX) {
    throw new RangeError(`Cannot define "${type.name}": there can be ${TYPES_MAX} structure types`);
  }
  types.push(type);
  for (const f of type.fields) members.add(f.name);
}

/** Give the whole object at an address the next ordinal. */
export function number(a: number): void {
  ordinals[a] = nobjects++;
}

/** Whether there is room for `n` more whole objects; ordinal 0 is none's. */
export function roomForObjects(n: number): boolean {
  return nobjects + n <= STACK_OBJECTS;
}
