import { assertEquals, assertThrows } from "@std/assert";
import "../machine/bare.ts";
import { embed, int, type Struct } from "../../src/machine/memory/struct_type.ts";

const { CELLS } = await import("../../src/machine/layout/sizes.ts");
const { struct } = await import("../../src/machine/memory/struct.ts");
const { forEachPlace, numberPlaces } = await import("../../src/sanitizers/embedded.ts");

const inner = struct<Struct>("inner", { n: int }, 2);
const middle = struct<Struct>("middle", { x: int, one: embed(inner) });
const outer = struct<Struct>("outer", { y: int, two: embed(middle), three: embed(inner) }, 2);

/** `two.one` and `three`, which are cells 2 and 3 of an outer object, and objects of their own. */
const PLACES = [
  ...inner.objects.map((o) => o.a),
  ...outer.objects.flatMap((o) => [o.a + 4, o.a + 6]),
];

Deno.test("forEachPlace() visits structures of a type inside of all others, in address order", () => {
  const seen: [number, Struct][] = [];
  forEachPlace(inner, (a, o) => seen.push([a, o]));
  assertEquals(seen.map(([a]) => a), PLACES);
  assertEquals(seen[3][1] === outer.objects[0], true);
});

Deno.test("numberPlaces() numbers them from 1, and says so if there are too many", () => {
  const numbers = numberPlaces(inner, CELLS, 6);
  assertEquals(PLACES.map((a) => numbers[a]), [1, 2, 3, 4, 5, 6]);
  assertEquals(numbers.filter((n) => n !== 0).length, 6);
  assertThrows(
    () => numberPlaces(inner, CELLS, 5),
    Error,
    "Cannot number 6 places of inner: there is room for 5",
  );
});
