import { assertEquals, assertStrictEquals } from "@std/assert";
import "../bare.ts";
import {
  array,
  chars,
  type Fields,
  int,
  type Struct,
} from "../../../src/machine/memory/struct_type.ts";

const { memoryEnd, struct } = await import("../../../src/machine/memory/struct.ts");
const { nearestObject, nearestType, unitOf } = await import(
  "../../../src/machine/memory/nearest.ts"
);
const { setShadow } = await import("../../../src/machine/memory/shadow.ts");
const { LIVE, UNALLOCATED } = await import("../../../src/machine/layout/shadow_states.ts");

interface item extends Struct, Fields<{ n: number; list: number[] }> {}
const item = struct<item>("item", { n: int, list: array(2) }, 3);
const [a, b, c] = item.objects;
const text = struct<Struct>("text", { c: chars(8) }, 1);

Deno.test("nearestObject() finds the object around an address, allocated or not", () => {
  for (const o of [a, b, c]) {
    for (let cell = 0; cell < item.cells; cell++) {
      assertStrictEquals(nearestObject(o.a + 2 * cell), o);
    }
  }
  assertEquals(nearestObject(memoryEnd() + 100), null);
});

Deno.test("nearestObject() counts a redzone as the object's before it, if that was allocated", () => {
  const redzone = b.a - item.redzone;
  setShadow(a.a, item.cells, LIVE);
  assertStrictEquals(nearestObject(redzone), a);
  setShadow(a.a, item.cells, UNALLOCATED);
  assertStrictEquals(nearestObject(redzone), b);
  assertStrictEquals(nearestObject(a.a - item.redzone), a, "before the first one");
  assertStrictEquals(nearestObject(c.a + 2 * item.cells), c, "behind the last one");
});

Deno.test("nearestType() and unitOf() tell what a cell stands for", () => {
  assertStrictEquals(nearestType(b.a), item);
  assertEquals([unitOf(item), unitOf(text)], [4, 1]);
});
