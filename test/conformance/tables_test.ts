/**
 * The page of this folder has the counts of the tables, and the tables count their rows correctly.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { assertGenerated, markdownTable, read, root } from "../documentation.ts";

const HEADER = /^([\w-]+): (\S+), (\d+) of (\d+) cases as expected, (\d+) do not apply$/;

/**
 * The tables, by file name: detector, suite, number of cases as expected, applicable, not
 * applicable.
 */
function tables(): string[][] {
  const names = [...Deno.readDirSync(new URL("test/conformance/tables", root))]
    .map(({ name }) => name).sort();
  return names.map((name) => {
    const [first] = read(`test/conformance/tables/${name}`).split("\n");
    assertMatch(first, HEADER, name);
    return HEADER.exec(first)!.slice(1);
  });
}

function counts(): string {
  const sum = (all: string[][], i: number) => String(all.reduce((n, r) => n + Number(r[i]), 0));
  const all = tables();
  return markdownTable([
    ["Suite", "Detector", "As expected", "Applicable", "Not applicable"],
    ...all.map(([detector, suite, ...n]) => [`\`${suite}\``, detector, ...n]),
    ["all", "", sum(all, 2), sum(all, 3), sum(all, 4)],
  ]);
}

Deno.test("README.md has the counts of the tables", () =>
  assertGenerated("test/conformance/README.md", "conformance", counts()));

Deno.test("the main page names as many cases as there are", () => {
  const [, cases] = /\[(\d+) cases\]\(test\/conformance\/README\.md\)/.exec(read("README.md"))!;
  assertEquals(Number(cases), tables().reduce((n, [, , agree]) => n + Number(agree), 0));
});

Deno.test("the first line of every table counts its rows correctly", () => {
  for (const { name } of Deno.readDirSync(new URL("test/conformance/tables", root))) {
    const [first, , , ...rows] = read(`test/conformance/tables/${name}`).split(
      "\n\nDo not apply",
    )[0]
      .trimEnd().split("\n");
    const [, , , agree, applicable] = HEADER.exec(first)!;
    const equal = rows.filter((row) => {
      const [, , expected, observed] = row.split(/ {2,}/);
      return expected === observed;
    });
    assertEquals([name, rows.length, equal.length], [name, Number(applicable), Number(agree)]);
  }
});
