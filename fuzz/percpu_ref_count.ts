/**
 * What a percpu_ref stands at, seen from outside.
 *
 * @module
 */
import type { RefReader } from "../src/machine/memory/refs.ts";
import type { Struct } from "../src/machine/memory/struct_type.ts";

/**
 * How many references the percpu_ref of an object counts, whatever mode it is in. Context: it does
 * not change, and no switch between the modes is under way.
 */
export function outstanding(o: Struct, ref: RefReader): number {
  return ref.isPercpu(o.a) ? ref.references(o.a) : ref.word(o.a);
}
