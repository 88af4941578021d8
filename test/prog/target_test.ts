import { assertEquals, assertThrows } from "@std/assert";
import { int, specOf, type Target } from "../../src/prog/target.ts";
import { LIMITS } from "../../src/prog/types.ts";

const targetWith = (args: number): Target => ({
  name: "demo",
  doc: "A demonstration.",
  ops: {
    poke: {
      doc: "Do it.",
      args: Array.from({ length: args }, (_, i) => int(`n${i}`, 0, 1)),
      run: () => 0,
    },
  },
});

Deno.test("specOf() takes as many arguments as fit into a packed program, and no more", () => {
  assertEquals(specOf(targetWith(LIMITS.args)).ops[0].args.length, LIMITS.args);
  assertThrows(
    () => specOf(targetWith(LIMITS.args + 1)),
    RangeError,
    'Operation "poke" has 4 arguments: it can have 3 at most',
  );
});
