/** What a review says of changed lines. */
import { assertEquals } from "@std/assert";
import { lookedAt, lookedLines } from "../../../src/cli/parent/review_lines.ts";

const line = (line: number, number: number, gone = 0) => ({
  file: "mm/pot.c",
  line,
  text: "stir(pot);",
  gone,
  number,
});

Deno.test("a review says how executions came through each line, and which lines none reached", () => {
  const looked = lookedAt([line(7, 0), line(9, 1, 2), line(12, 2)], [
    [120, 30, 4, 0, 15],
    [7, 0, 0, 0, 0],
    [0, 0, 0, 0, 0],
  ]);
  assertEquals(lookedLines(looked, false), [
    "LOOKED AT: 2 of 3 changed lines, in executions",
    "              through  two CPUs  handler  failing  offlining",
    "  mm/pot.c:7      120        30        4        0         15  stir(pot);",
    "  mm/pot.c:9        7         0        0        0          0  [2 gone before] stir(pot);",
    "  never reached: mm/pot.c:12  stir(pot);",
  ]);
});

Deno.test("a screen has room for 20 lines, a mail for all", () => {
  const looked = lookedAt(Array.from({ length: 25 }, (_, i) => line(i, 0)), [[1, 0, 0, 0, 0]]);
  const rows = lookedLines(looked, false);
  assertEquals([rows.length, rows.at(-1)], [23, "  … 5 more; --mail and --json have all"]);
  assertEquals(lookedLines(looked, true).length, 27);
});
