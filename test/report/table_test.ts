import { assertEquals } from "@std/assert";
import { table, wrap } from "../../src/report/table.ts";

Deno.test("wrap() breaks at spaces and indents the next lines", () => {
  assertEquals(wrap("store a.b = c", 9, ""), ["store a.b", "  = c"]);
  assertEquals(wrap("load a.b", 9, ""), ["load a.b"]);
});

Deno.test("wrap() cuts a word that is longer than a line", () => {
  assertEquals(wrap("abcdefghij", 6, " "), [" abcd…"]);
});

Deno.test("table() gives a narrow column only the width that it needs", () => {
  const rows = [
    { kind: "cell", cpu: 0, indent: 0, text: "a" },
    { kind: "across", text: "-- switch --" },
    { kind: "cell", cpu: 1, indent: 1, text: "x".repeat(80) },
  ] as const;
  assertEquals(table(rows, 2), [
    "CPU0 | CPU1",
    "-----+-" + "-".repeat(82),
    "a    |",
    "-- switch --",
    "     |   " + "x".repeat(80),
  ]);
});
