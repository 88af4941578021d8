import { assertEquals, assertThrows } from "@std/assert";
import { edited } from "../tuning/copy.ts";
import { FEATURES } from "./features.ts";
import { cellText, table } from "./table.ts";

const root = new URL("../../../", import.meta.url);

for (const { name, edits } of FEATURES) {
  Deno.test(`the search can be edited so that it has no ${name}`, () => {
    for (const e of edits) {
      const source = Deno.readTextFileSync(new URL(e.path, root));
      assertEquals(edited(source, e).length, source.length - e.from.length + e.to.length);
    }
  });
}

Deno.test("edited() refuses a piece that is not there, or is there twice", () => {
  assertThrows(() => edited("a b a", { path: "x.ts", from: "a", to: "" }), Error, "once");
  assertThrows(() => edited("a b a", { path: "x.ts", from: "c", to: "" }), Error, "once");
});

Deno.test("the table has medians, and how many seeds found the bug if not all did", () => {
  assertEquals(cellText({ bug: "S1", counts: [30, 10, 20] }), "20");
  assertEquals(cellText({ bug: "S1", counts: [30, null, 1000, 2000] }), "1,500 (3/4)");
  assertEquals(cellText({ bug: "S1", counts: [null, null, 5] }), "none (1/3)");
  assertEquals(
    table([{ without: "", cells: [{ bug: "S1", counts: [1] }] }]),
    "| Without | S1 |\n| --- | --- |\n| (nothing) | 1 |",
  );
});
