import { assertEquals, assertThrows } from "@std/assert";
import "../bare.ts";

const { kernel, replace } = await import("../../../src/machine/calls/registry.ts");
const { prototype } = await import("../../../src/machine/calls/prototype.ts");

Deno.test("prototype() calls a function that is registered later, and the patch of it", () => {
  const later = prototype<(a: number, b: number) => number>("later", 2);
  kernel("later", (a: number, b: number): number => a - b);
  assertEquals(later(5, 3), 2);
  replace("later", (a: number, b: number) => a + b, "a-patch");
  assertEquals(later(5, 3), 8);
});

Deno.test("prototype() says at the call that nothing defines the function", () => {
  const missing = prototype<() => void>("missing", 0);
  assertThrows(missing, Error, 'Cannot call "missing": no module that defines it is loaded');
});

Deno.test("prototype() says at the call that the definition takes other arguments", () => {
  kernel("of_one", (a: number): number => a);
  const wrong = prototype<(a: number, b: number) => number>("of_one", 2);
  assertThrows(() => wrong(1, 2), Error, 'Cannot call "of_one" with 2 arguments: it takes 1');
});
