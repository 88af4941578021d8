import { assertEquals } from "@std/assert";
import { PROGRAMS, TOOLS } from "./programs.ts";
import { geomeans, headers, row } from "./table.ts";

const listed = (name: string) => PROGRAMS.find((p) => p.name === name)!;

Deno.test("a row has the solved trials, median, mean, and what others published", () => {
  assertEquals(
    row({ listed: listed("account"), trials: [4, 2, 9] }),
    "| account | 3/3 | 4 | 5 | 1 | 6 | 1 | 4 | 10 |",
  );
});

Deno.test("a row says what was not reached", () => {
  const rows = [
    row({ listed: listed("reorder_5"), trials: [null, 7000] }),
    row({ listed: listed("reorder_10"), trials: [null] }),
    row({ listed: listed("stateful01_ok"), trials: [] }),
  ];
  assertEquals(rows, [
    "| reorder_5 | 1/2 | 7,000 | 7,000 | 6 | 10 | 4,377 (17/20) | 647 | 12 |",
    "| reorder_10 | 0/1 | not found |  | 6 | 17 | never | 3,225 (16/20) | 27 |",
    "| stateful01_ok | no bug |  |  |  |  |  |  |  |",
  ]);
  assertEquals(
    rows.map((text) => text.split("|").length),
    rows.map(() => headers()[0].split("|").length),
  );
});

Deno.test("geometric means are of programs that every trial solved", () => {
  const { event } = geomeans([
    { listed: listed("account"), trials: [2, 2] },
    { listed: listed("phase01"), trials: [1, 1] },
    { listed: listed("stack"), trials: [8, 8] },
    { listed: listed("reorder_5"), trials: [5, null] },
    { listed: listed("reorder_50"), trials: [] },
  ]) as { event: Record<string, { programs: number; geomean: number }> };
  const { all, compared } = event;
  assertEquals([all.programs, all.geomean.toFixed(3)], [3, Math.cbrt(16).toFixed(3)]);
  assertEquals([compared.programs, compared.geomean.toFixed(3)], [2, "4.000"]);
});

Deno.test("a program of the publications has a figure, or none, for each tool", () => {
  for (const { name, published } of PROGRAMS) {
    if (published !== undefined) assertEquals(published.length, TOOLS.length, name);
  }
  assertEquals(new Set(PROGRAMS.map(({ name }) => name)).size, PROGRAMS.length);
});
