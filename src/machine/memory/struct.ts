/**
 * Structures in shared memory.
 *
 * A structure type has a fixed number of objects at fixed addresses, so an address tells the type,
 * and one wrapper per object serves for ever: pointers to the same object compare equal, and the
 * loop allocates nothing.
 *
 * Every object is preceded by a word that belongs to nobody, its redzone: one cell, or four where a
 * cell is a character.
 *
 * @module
 */
import { CELL_WORDS } from "../layout/meta.ts";
import { LIVE, REDZONE, UNALLOCATED } from "../layout/shadow_states.ts";
import { CELLS, STACK_OBJECTS, STATIC_CELLS, UNUSED_CELLS } from "../layout/sizes.ts";
import { oops, OOPS_GARBAGE } from "../findings/oops.ts";
import { addType, number, objectName, register, roomForObjects, structTypes } from "./objects.ts";
import { setShadow } from "./shadow.ts";
import { compileClass } from "./struct_class.ts";
import {
  type Field,
  type FieldSpec,
  type Struct,
  type StructType,
  WORD_BYTES,
} from "./struct_type.ts";

/** Static structures lie below all slabs. */
let staticBrk = CELL_WORDS * UNUSED_CELLS;
let brk = CELL_WORDS * STATIC_CELLS;

/** First address that no static structure uses. */
export function staticEnd(): number {
  return staticBrk;
}

/** First address that no structure uses. */
export function memoryEnd(): number {
  return brk;
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
  const redzone = CELL_WORDS * Math.ceil(WORD_BYTES / (fields[0]?.unit ?? WORD_BYTES));
  const type: StructType<T & Struct> = {
    name,
    id: structTypes().length,
    cells,
    fields,
    isStatic,
    objects: [],
    base: isStatic ? staticBrk : brk,
    stride: CELL_WORDS * cells + redzone,
    redzone,
    make: (a, outer, index) => {
      const parts = fields.filter((f) => f.kind === "embed")
        .map((f) => (at: number, self: Struct) => f.type!.make(at, self, index));
      const o = create(a, outer, index, type, parts);
      register(o, fields);
      return o;
    },
  };
  addType(type);
  if (capacity > 0) placeObjects(type, capacity);
  return type;
}

/** Give a type its objects, each behind its redzone, and one redzone after the last. */
function placeObjects(type: StructType, capacity: number): void {
  const { name, base, cells, isStatic, redzone, stride } = type;
  const end = base + stride * capacity + redzone;
  if (end > CELL_WORDS * (isStatic ? STATIC_CELLS : CELLS)) {
    throw new RangeError(`Cannot define "${name}": model memory has ${CELLS} cells`);
  }
  if (!roomForObjects(capacity)) {
    throw new RangeError(`Cannot define "${name}": there can be ${STACK_OBJECTS - 1} objects`);
  }
  for (let i = 0; i < capacity; i++) {
    const a = base + i * stride + redzone;
    setShadow(a - redzone, redzone / CELL_WORDS, REDZONE);
    setShadow(a, cells, UNALLOCATED);
    number(a);
    type.objects.push(type.make(a, null, i));
  }
  if (isStatic) staticBrk = end;
  else brk = end;
  setShadow(end - redzone, redzone / CELL_WORDS, REDZONE);
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
export function container_of<T>(inner: Struct, type: StructType<T>): T {
  const o = inner.outer;
  if (o === null || o.type !== type) notIn(inner, type);
  return o as unknown as T;
}

/** A list or a callback leads to a member of something else: the code would read what is not there. */
function notIn(inner: Struct, type: StructType): never {
  const at = `${objectName(inner)} is no ${type.name}, which container_of() makes of its member`;
  return oops(OOPS_GARBAGE, 0, inner.a, at);
}
