/**
 * Where structures of a type lie in model memory, also inside other structures.
 *
 * @module
 */
import type { Struct, StructType } from "../machine/memory/struct_type.ts";
import { structTypes } from "../machine/memory/objects.ts";

function offsets(outer: StructType, inner: StructType): number[] {
  if (outer === inner) return [0];
  return outer.fields.flatMap((f) =>
    f.kind === "embed" ? offsets(f.type!, inner).map((o) => o + f.offset) : []
  );
}

/** Call `f` with the address of every place of a structure of type `inner`, in address order. */
export function forEachPlace(inner: StructType, f: (a: number, outer: Struct) => void): void {
  for (const t of structTypes()) {
    const at = offsets(t, inner);
    for (const o of t.objects as Struct[]) for (const cells of at) f(o.a + 2 * cells, o);
  }
}

/**
 * Number all places of type `inner` from 1 on: the result has the number by address, and 0
 * elsewhere. Throws if there are more places than `max`.
 */
export function numberPlaces(inner: StructType, cells: number, max: number): Int16Array {
  const numbers = new Int16Array(2 * cells);
  let n = 0;
  forEachPlace(inner, (a) => void (numbers[a] = ++n));
  if (n > max) {
    throw new Error(`Cannot number ${n} places of ${inner.name}: there is room for ${max}`);
  }
  return numbers;
}
