/** README.md's counts of conformance are those of the tables, and every table has its suite. */
import { assertEquals, assertMatch } from "@std/assert";
import { read, root } from "../documentation.ts";

const MARK = "<!-- conformance -->";
const HEADER = /^([\w-]+): (\S+), (\d+) of (\d+) cases as expected, (\d+) do not apply$/;

/** The tables, by file name: detector, suite, cases as expected, that apply, that do not. */
function tables(): string[][] {
  const names = [...Deno.readDirSync(new URL("test/conformance/tables", root))]
    .map(({ name }) => name).sort();
  return names.map((name) => {
    const [first] = read(`test/conformance/tables/${name}`).split("\n");
    assertMatch(first, HEADER, name);
    return HEADER.exec(first)!.slice(1);
  });
}

/** Rows of a table of Markdown, in columns of one width. */
function markdown(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((r) => r[i].length)));
  const lines = rows.map((r) => `| ${r.map((c, i) => c.padEnd(widths[i])).join(" | ")} |`);
  lines.splice(1, 0, `| ${widths.map((w) => "-".repeat(w)).join(" | ")} |`);
  return lines.join("\n");
}

function counts(): string {
  const sum = (all: string[][], i: number) => String(all.reduce((n, r) => n + Number(r[i]), 0));
  const all = tables();
  return markdown([
    ["Suite", "Detector", "As expected", "Applicable", "Not applicable"],
    ...all.map(([detector, suite, ...n]) => [`\`${suite}\``, detector, ...n]),
    ["all", "", sum(all, 2), sum(all, 3), sum(all, 4)],
  ]);
}

Deno.test("README.md's counts of conformance are those of the tables", () => {
  const [before, , ...after] = read("README.md").split(MARK);
  assertEquals(after.length, 1, "there is one block");
  const text = `${before}${MARK}\n\n${counts()}\n\n${MARK}${after[0]}`;
  if (Deno.env.get("UPDATE_GOLDEN") === "1") {
    Deno.writeTextFileSync(new URL("README.md", root), text);
  }
  assertEquals(read("README.md"), text);
});

Deno.test("in every table as many rows agree as its first line says", () => {
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
