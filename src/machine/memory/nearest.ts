/**
 * The object that an address belongs to, also if it lies in a redzone.
 *
 * Only for findings; nothing here is in the loop.
 *
 * @module
 */
import { UNALLOCATED } from "../layout/shadow_states.ts";
import { type Struct, type StructType, WORD_BYTES } from "./struct_type.ts";
import { stateAt } from "./shadow.ts";
import { structTypes } from "./objects.ts";

/** Bytes that each cell of an object of this type stands for. */
export function unitOf(type: StructType): number {
  return type.fields[0]?.unit ?? WORD_BYTES;
}

/** The type whose objects and redzones an address lies among, or null. */
export function nearestType(a: number): StructType | null {
  for (const t of structTypes()) {
    const n = t.objects.length;
    if (n > 0 && a >= t.base && a < t.base + t.stride * n + t.redzone) return t;
  }
  return null;
}

/**
 * The object that an address belongs to, or null. A redzone lies between two objects; its addresses
 * count as the object's before it, because an access that runs over an end is more frequent than one
 * that begins too low. If that object was never allocated, they count as the one's after it.
 */
export function nearestObject(a: number): Struct | null {
  const t = nearestType(a);
  if (t === null) return null;
  const slot = Math.floor((a - t.base) / t.stride);
  if ((a - t.base) % t.stride >= t.redzone) return t.objects[slot];
  const before = t.objects[slot - 1] as Struct | undefined;
  const after = t.objects[slot] as Struct | undefined;
  if (before === undefined) return after ?? null;
  const isUnallocated = stateAt(before.a) === UNALLOCATED;
  return isUnallocated && after !== undefined ? after : before;
}
