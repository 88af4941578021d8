import { assertEquals } from "@std/assert";
import { expectedOf } from "../../../src/cli/parent/expected.ts";

const KERNELS = ["a", "b", "c", "d", "e"];
const of = (expects: [string, string | null][]) =>
  expectedOf({ expects: expects.map(([kernel, title]) => ({ kernel, title })) }, KERNELS);

Deno.test("expectedOf() takes the lines of the file for the kernels that it names", () => {
  assertEquals(of([["a", "T"], ["e", null]]), [
    { title: "T", isNamed: true },
    null,
    null,
    null,
    { title: null, isNamed: true },
  ]);
});

Deno.test("expectedOf() expects between two kernels what both have", () => {
  assertEquals(of([["a", "T"], ["c", "U"], ["d", null], ["e", null]]), [
    { title: "T", isNamed: true },
    { title: undefined, isNamed: false },
    { title: "U", isNamed: true },
    { title: null, isNamed: true },
    { title: null, isNamed: true },
  ]);
  assertEquals(of([["b", null], ["d", null]]).map((e) => e?.title), [
    undefined,
    null,
    null,
    null,
    undefined,
  ]);
});

Deno.test("expectedOf() expects nothing before the first kernel named, nor after the last", () => {
  assertEquals(of([["c", "T"]]), [null, null, { title: "T", isNamed: true }, null, null]);
  assertEquals(of([["v9+fix", "T"]]), [null, null, null, null, null]);
});
