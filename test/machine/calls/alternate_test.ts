import { assertEquals } from "@std/assert";
import "../bare.ts";

const { kernel } = await import("../../../src/machine/calls/registry.ts");
const { alternate } = await import("../../../src/machine/calls/alternate.ts");

const half = kernel("half", (n: number): number => n / 2);
const twice = kernel("twice", (n: number): number => half(2 * n) * 2);

Deno.test("alternate(): a word per function decides at each call which body runs", () => {
  const words = new Int32Array(new SharedArrayBuffer(8));
  const functions = { half: (n: number) => n - 1, twice: (n: number) => n };
  alternate({ name: "other", functions }, words);
  assertEquals([half(8), twice(8)], [4, 16]);
  words[0] = 1;
  assertEquals([half(8), twice(8)], [7, 30]);
  words[1] = 1;
  assertEquals([half(8), twice(8)], [7, 8]);
  words.fill(0);
  assertEquals([half(8), twice(8)], [4, 16]);
});
