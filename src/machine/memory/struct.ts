/**
 * Structures in shared memory.
 *
 * A structure type has a fixed number of objects at fixed addresses, so an address tells the type,
 * and one wrapper per object serves for ever: pointers to the same object compare equal, and the
 * loop allocates nothing. A plain property access is a plain load or store, each a schedule point;
 * `$field` is the address of the field, for READ_ONCE() and its kin. Accessors are compiled per
 * field, with the offset as a constant.
 *
 * Every object is preceded by a word that belongs to nobody, its redzone: one cell, or four where a
 * cell is a character.
 *
 * @module
 */
import * as states from "../layout/shadow_states.ts";
import * as sizes from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import { plainRead, plainWrite } from "../clocks/clock_cells.ts";
import { pointers } from "../words/pointers.ts";
import { pointRead, pointWrite } from "./point.ts";
import { prim } from "../layout/primitives.ts";
import { idOf } from "../calls/registry.ts";
import { isUnwritten, setShadow } from "./shadow.ts";
import {
  type Field,
  type FieldSpec,
  type Struct,
  type StructType,
  WORD_BYTES,
} from "./struct_type.ts";
import { UNINIT } from "../hooks/uninit.ts";
import { functionStored, noteUninitRead, storeUninit, uninitPointer } from "./uninit.ts";
import { watchCell } from "./watch.ts";

const { mem, KCSAN } = views();
const { GARBAGE, LIVE, REDZONE, UNALLOCATED } = states;
const { CELLS, STACK_OBJECTS, STATIC_CELLS, TYPES_MAX } = sizes;

/** Address 0 is NULL; the first cells are never used. Static structures lie below all slabs. */
let staticBrk = 2 * 8;
let brk = 2 * STATIC_CELLS;
const objects: (Struct | null)[] = new Array(2 * CELLS).fill(null);
const fieldIds = new Int16Array(2 * CELLS);
const fieldNames: string[] = [""];
const types: StructType[] = [];

/** All structure types, in order of definition. */
export function structTypes(): readonly StructType[] {
  return types;
}

/** First address that no static structure uses. */
export function staticEnd(): number {
  return staticBrk;
}

/** First address that no structure uses. */
export function memoryEnd(): number {
  return brk;
}

const ordinals = new Int16Array(2 * CELLS);
let nobjects = 1;

/** Number of a whole object among all there can be; 0 for anything else. */
export function ordinalOf(o: Struct): number {
  return ordinals[o.a];
}

/** Members of unions that share their address with another structure. */
const secondMembers: (Struct | null)[] = new Array(2 * CELLS).fill(null);

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

function internField(name: string): number {
  const i = fieldNames.indexOf(name);
  if (i >= 0) return i;
  fieldNames.push(name);
  return fieldNames.length - 1;
}

/** Object and field at an address, outermost object, dotted field path; or null. */
export function locate(a: number): { object: Struct; field: string } | null {
  for (const t of types) {
    if (t.objects.length === 0 || a < t.base || a >= t.base + t.stride * t.objects.length) continue;
    const i = Math.floor((a - t.base) / t.stride);
    const object = t.objects[i] as Struct;
    return { object, field: fieldPath(t, (a - object.a) / 2) };
  }
  return null;
}

function fieldPath(t: StructType, offset: number): string {
  if (offset < 0) return "";
  for (const f of t.fields) {
    if (f.unionWith || offset < f.offset || offset >= f.offset + f.cells) continue;
    const rest = offset - f.offset;
    if (f.kind === "embed") return `${f.name}.${fieldPath(f.type!, rest)}`;
    return f.kind === "array" ? `${f.name}[${rest}]` : f.name;
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

const LOAD = prim("load");
const STORE = prim("store");

function accessor(f: Field): string {
  const off = 2 * f.offset;
  const lv = `(this.a + ${off}) * 4 + ${(f.kind === "ptr" ? 1 : f.kind === "fn" ? 3 : 0)}`;
  const address = `get $${f.name}() { return ${lv}; }`;
  if (f.kind === "embed") return "";
  if (f.kind === "array") return address;
  const enter = `const a = this.a + ${off};`;
  const readRaces = KCSAN ? `plainRead(${LOAD}, a);` : "";
  const read = `${enter} pointRead(${LOAD}, a); ${readRaces} const v = mem[a];`;
  const write = (v: string) =>
    `${enter} pointWrite(${STORE}, a); const w = ${v};` +
    (KCSAN ? `plainWrite(${STORE}, a, mem[a], w);` : "") + " mem[a] = w;";
  const garbage = `if (w === ${GARBAGE}) storeUninit(a);`;
  switch (f.kind) {
    case "ptr":
      return `get ${f.name}() { ${read} return v === 0 ? null : objects[v] ?? uninitPointer(a); }
        set ${f.name}(p) { ${write("p === null ? 0 : p.a")} ${garbage} } ${address}`;
    case "fn":
      return `get ${f.name}() { ${read} return v === 0 ? null : functionStored(v); }
        set ${f.name}(p) { ${write("p === null ? 0 : idOf(p)")} ${garbage} } ${address}`;
    default:
      return `get ${f.name}() { ${read} return (mem[a + 1] & 4) !== 0 ? unwritten(a, v) : v; }
        set ${f.name}(v) { ${write("v")} if (v !== v) storeUninit(a); } ${address}`;
  }
}

/** The value of a cell in state UNWRITTEN or POISONED. */
function unwritten(a: number, v: number): number {
  if (!isUnwritten(a)) return v;
  noteUninitRead(a);
  return UNINIT;
}

function compileClass(name: string, fields: readonly Field[]): (...args: unknown[]) => Struct {
  const embeds = fields.filter((f) => f.kind === "embed");
  const source = `return class ${name.replace(/\W/g, "_")} {
    constructor(a, outer, index, type, parts) {
      this.a = a; this.outer = outer; this.index = index; this.type = type;
      ${embeds.map((f, i) => `this.${f.name} = parts[${i}](a + ${2 * f.offset}, this);`).join(" ")}
    }
    ${fields.map(accessor).join("\n")}
  }`;
  const Class = new Function(
    "mem",
    "objects",
    "pointRead",
    "pointWrite",
    "plainRead",
    "plainWrite",
    "functionStored",
    "idOf",
    "storeUninit",
    "uninitPointer",
    "unwritten",
    source,
  )(
    mem,
    objects,
    pointRead,
    pointWrite,
    plainRead,
    plainWrite,
    functionStored,
    idOf,
    storeUninit,
    uninitPointer,
    unwritten,
  );
  return (...args) => new Class(...args);
}

/** What every wrapper has of its own; see {@linkcode Struct}. */
const RESERVED = new Set(["a", "outer", "type", "index"]);

function layOut(spec: Record<string, FieldSpec>): { fields: Field[]; cells: number } {
  const fields: Field[] = [];
  // An embedded first member would have its container's address; one cell sets them apart.
  let cells = Object.values(spec)[0]?.kind === "embed" ? 1 : 0;
  for (const [name, f] of Object.entries(spec)) {
    if (RESERVED.has(name)) throw new Error(`Cannot define field "${name}": wrappers have it`);
    const shared = f.unionWith ? fields.find((g) => g.name === f.unionWith) : undefined;
    fields.push({ ...f, name, offset: shared ? shared.offset : cells });
    if (!shared) cells += f.cells;
    else cells = Math.max(cells, shared.offset + f.cells);
  }
  return { fields, cells };
}

/** Enter what an object's cells mean into the tables, for reports and symbolic schedules. */
function register(o: Struct, fields: readonly Field[]): void {
  if (objects[o.a] === null) objects[o.a] = o;
  else secondMembers[o.a] = o;
  for (const f of fields) {
    if (f.kind === "embed") continue;
    for (let i = 0; i < f.cells; i++) {
      fieldIds[o.a + 2 * (f.offset + i)] ||= internField(f.name);
      if (f.kind === "ptr") pointers[o.a + 2 * (f.offset + i)] = 1;
      if (f.watch !== undefined) watchCell(o.a + 2 * (f.offset + i), f.watch);
    }
  }
}

/**
 * Define a structure with room for `capacity` objects; 0 for one that is only ever embedded.
 * Objects start out unallocated.
 */
export function struct<T>(
  name: string,
  spec: Record<string, FieldSpec>,
  capacity = 0,
  isStatic = false,
): StructType<T & Struct> {
  const { fields, cells } = layOut(spec);
  const create = compileClass(name, fields);
  const redzone = 2 * Math.ceil(WORD_BYTES / (fields[0]?.unit ?? WORD_BYTES));
  const type: StructType<T & Struct> = {
    name,
    id: types.length,
    cells,
    fields,
    isStatic,
    objects: [],
    base: isStatic ? staticBrk : brk,
    stride: 2 * cells + redzone,
    redzone,
    make: (a, outer, index) => {
      const parts = fields.filter((f) => f.kind === "embed")
        .map((f) => (at: number, self: Struct) => f.type!.make(at, self, index));
      const o = create(a, outer, index, type, parts);
      register(o, fields);
      return o;
    },
  };
  if (types.length >= TYPES_MAX) {
    throw new RangeError(`Cannot define "${name}": there can be ${TYPES_MAX} structure types`);
  }
  types.push(type);
  if (capacity > 0) {
    const end = type.base + type.stride * capacity + redzone;
    if (end > 2 * (isStatic ? STATIC_CELLS : CELLS)) {
      throw new RangeError(`Cannot define "${name}": model memory has ${CELLS} cells`);
    }
    for (let i = 0; i < capacity; i++) {
      const a = type.base + i * type.stride + redzone;
      setShadow(a - redzone, redzone / 2, REDZONE);
      setShadow(a, cells, UNALLOCATED);
      ordinals[a] = nobjects++;
      type.objects.push(type.make(a, null, i));
    }
    if (nobjects > STACK_OBJECTS) {
      throw new RangeError(`Cannot define "${name}": there can be ${STACK_OBJECTS - 1} objects`);
    }
    if (isStatic) staticBrk = end;
    else brk = end;
    setShadow(end - redzone, redzone / 2, REDZONE);
  }
  return type;
}

/** A structure of which there are `n`, always allocated: a static variable, or one per CPU. */
export function statics<T>(
  name: string,
  spec: Record<string, FieldSpec>,
  n: number,
): (T & Struct)[] {
  const type = struct<T>(name, spec, n, true);
  for (const o of type.objects) setShadow(o.a, type.cells, LIVE);
  return type.objects;
}

/** The structure that `inner` is embedded in. */
export function container_of<T>(inner: Struct, _type: StructType<T>): T {
  return inner.outer as unknown as T;
}
