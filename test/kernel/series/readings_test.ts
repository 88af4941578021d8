/** The page of functions and kernels, and the readings that it is made of. */
import { assert, assertEquals } from "@std/assert";
import { kernelSources } from "../../../src/cli/parent/kernel_sources.ts";
import { loadKnown } from "../../../src/cli/flags/known.ts";
import { BASE, definedBy, provenance } from "../../../src/kernel/series/provenance.ts";
import type { Defined, Provenance } from "../../../src/kernel/series/provenance.ts";
import { SERIES, VERSIONS } from "../../../src/kernel/series/kernels.ts";
import { READINGS, TREES } from "../../../src/kernel/series/readings.ts";
import { ROOT } from "../../system/harness.ts";
import { definitionText, digest } from "./definition.ts";

const PAGE = `${ROOT}src/kernel/FUNCTIONS.md`;
const TABLE = /(<!-- functions -->\n\n)[^]*?(\n\n<!-- functions -->)/;
const SIGNS: Readonly<Record<Provenance, string>> = {
  read: "R",
  same: "r",
  mail: "m",
  inferred: ".",
  absent: "",
};

const { series } = await loadKnown();
await series.load();
const sources = kernelSources();

/** A function as the series knows it. */
function defined({ name, file }: { name: string; file: string }): Defined {
  const [, addedBy] = /\/patches\/(.*)\.ts$/.exec(file) ?? [];
  return { name, addedBy: addedBy ?? null };
}

/** Functions of a fix or a draft that no version has are in no column. */
const inVersions = sources.filter((s) => {
  const { addedBy } = defined(s);
  return addedBy === null || SERIES.includes(addedBy);
});

function table(): string {
  const rows = [
    ["Function", ...VERSIONS.map(({ name }) => name)],
    ...inVersions.map((
      s,
    ) => [`\`${s.name}\``, ...provenance(defined(s), series).map((p) => SIGNS[p])]),
  ];
  const widths = rows[0].map((_, i) => Math.max(3, ...rows.map((row) => row[i].length)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  const rule = `| ${widths.map((w) => "-".repeat(w)).join(" | ")} |`;
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join("\n");
}

Deno.test("src/kernel/FUNCTIONS.md has a row for every function of the model, and is current", () => {
  const page = Deno.readTextFileSync(PAGE);
  const current = page.replace(TABLE, (_, before, after) => before + table() + after);
  if (Deno.env.get("UPDATE_GOLDEN") !== undefined) Deno.writeTextFileSync(PAGE, current);
  assertEquals(Deno.readTextFileSync(PAGE), current, "UPDATE_GOLDEN=1 renews it");
});

Deno.test("what was read is a function of the model, in a kernel that has it", () => {
  for (const [name, readings] of Object.entries(READINGS)) {
    const source = sources.find((s) => s.name === name);
    assert(source !== undefined, `${name} is no function of the model`);
    for (const [i, reading] of readings.entries()) {
      if (reading === null) continue;
      assert(definedBy(defined(source), TREES[i].expression, series) !== null, `${name} ${i}`);
    }
  }
});

Deno.test("no definition has changed since it was read against a tree", async () => {
  const changed: string[] = [];
  for (const [name, readings] of Object.entries(READINGS)) {
    const source = sources.find((s) => s.name === name)!;
    for (const [i, reading] of readings.entries()) {
      if (reading === null) continue;
      const by = definedBy(defined(source), TREES[i].expression, series)!;
      const found = await digest(definitionText(source, by === BASE ? null : by));
      const [place, was] = [reading.split(" ")[0], reading.split(" ").at(-1)];
      if (found !== was) changed.push(`${name} of ${TREES[i].name}, ${place}: now ${found}`);
    }
  }
  assertEquals(changed, [], "read these again, and put the new digests into readings.ts");
});

Deno.test("a definition that was read counts for every kernel that has it, and for no other", () => {
  const of = (name: string) => provenance(defined(sources.find((s) => s.name === name)!), series);
  const at = (kernel: string) => VERSIONS.findIndex(({ name }) => name === kernel);
  const drain = of("drain_obj_stock");
  assertEquals([drain[at("posted")], drain[at("v6.12")]], ["mail", "read"]);
  assertEquals(drain[at("v6.5")], "same", "3b8abb323953 wrote what v6.12 still has");
  assertEquals(drain[at("v5.18")], "inferred");
  assertEquals(of("kmalloc_nolock")[at("v6.16")], "absent");
});
