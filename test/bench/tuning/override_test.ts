import { assertEquals, assertThrows } from "@std/assert";
import { halfAndDouble, override, valueOf } from "./override.ts";

const SOURCE = `/** One in so many. */
const FRESH = 2;
export const MANY = 20_000;
const FRESH_TOO = 7;
const WORDS = FRESH * 3;
const TABLE = [
  [2, insert],
  [1, (w, _, rng) => remove(w, rng)],
  [1, (w) => removeAll(w)],
];
`;

Deno.test("valueOf() reads the number that a constant, or an entry of a table, stands for", () => {
  assertEquals(valueOf(SOURCE, "FRESH"), 2);
  assertEquals(valueOf(SOURCE, "MANY"), 20_000);
  assertEquals(valueOf(SOURCE, "TABLE.insert"), 2);
  assertEquals(valueOf(SOURCE, "TABLE.remove"), 1);
});

Deno.test("override() changes that number and nothing else", () => {
  const lines = SOURCE.split("\n");
  const changed = (name: string) =>
    override(SOURCE, name, 9).split("\n").flatMap((line, i) => line === lines[i] ? [] : [line]);
  assertEquals(changed("FRESH"), ["const FRESH = 9;"]);
  assertEquals(changed("MANY"), ["export const MANY = 9;"]);
  assertEquals(changed("TABLE.insert"), ["  [9, insert],"]);
  assertEquals(changed("TABLE.remove"), ["  [9, (w, _, rng) => remove(w, rng)],"]);
  assertEquals(override(SOURCE, "MANY", 20_000), SOURCE.replace("20_000", "20000"));
});

Deno.test("override() refuses what is not there, is no number, or is there twice", () => {
  for (const name of ["STALE", "WORDS", "TABLE", "TABLE.swap"]) {
    assertThrows(() => override(SOURCE, name, 9), Error, "0 times");
  }
  assertThrows(() => override(SOURCE + SOURCE, "FRESH", 9), Error, "2 times");
});

Deno.test("halfAndDouble() gives whole numbers, none below the smallest, and never the value itself", () => {
  assertEquals(halfAndDouble(64, 1), [32, 128]);
  assertEquals(halfAndDouble(5, 1), [3, 10]);
  assertEquals(halfAndDouble(2, 1), [1, 4]);
  assertEquals(halfAndDouble(1, 1), [2]);
  assertEquals(halfAndDouble(1, 0), [0, 2]);
});
