/** The page of functions and kernels, and the readings that it is made of. */
import { assert, assertEquals } from "@std/assert";
import { kernelSources } from "../../../src/cli/parent/kernel_sources.ts";
import { loadKnown } from "../../../src/cli/flags/known.ts";
import { BASE, definedBy, provenance } from "../../../src/kernel/series/provenance.ts";
import type { Defined, Provenance } from "../../../src/kernel/series/provenance.ts";
import { SERIES, VERSIONS } from "../../../src/kernel/series/kernels.ts";
import { TREES } from "../../../src/kernel/series/readings.ts";
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
  differs: "x",
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

/** The function of that name; if a backport has one, too, that of the version. */
function sourceOf(name: string) {
  return inVersions.find((s) => s.name === name) ?? sources.find((s) => s.name === name);
}

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
  for (const { name: tree, expression, read, differs } of TREES) {
    for (const name of [...Object.keys(read), ...Object.keys(differs)]) {
      const source = sourceOf(name);
      assert(source !== undefined, `${name} is no function of the model`);
      assert(definedBy(defined(source), expression, series) !== null, `${name} in ${tree}`);
    }
    const both = Object.keys(differs).filter((name) => Object.hasOwn(read, name));
    assertEquals(both, [], `${tree}: either it was read, or it differs`);
  }
});

Deno.test("no definition has changed since it was read against a tree", async () => {
  const changed: string[] = [];
  for (const { name: tree, expression, read } of TREES) {
    for (const [name, reading] of Object.entries(read)) {
      const source = sourceOf(name)!;
      const by = definedBy(defined(source), expression, series)!;
      const found = await digest(definitionText(source, by === BASE ? null : by));
      const [place, was] = [reading.split(" ")[0], reading.split(" ").at(-1)];
      if (found !== was) changed.push(`${name} of ${tree}, ${place}: now ${found}`);
    }
  }
  assertEquals(changed, [], "read these again, and put the new digests into readings/");
});

Deno.test("a definition that was read counts for every kernel that has it, and for no other", () => {
  const of = (name: string) => provenance(defined(sourceOf(name)!), series);
  const at = (kernel: string) => VERSIONS.findIndex(({ name }) => name === kernel);
  const drain = of("drain_obj_stock");
  assertEquals([drain[at("posted")], drain[at("v5.9")]], ["same", "read"]);
  assertEquals([drain[at("v6.15")], drain[at("v6.16")]], ["same", "read"]);
  assertEquals(of("slab_free")[at("v6.12")], "inferred");
  assertEquals(of("obj_cgroup_release")[at("posted")], "mail");
  assertEquals(of("kmalloc_nolock")[at("v6.16")], "absent");
});

Deno.test("what a tree has otherwise is told for its kernel", () => {
  const of = (name: string) => provenance(defined(sourceOf(name)!), series);
  const at = (kernel: string) => VERSIONS.findIndex(({ name }) => name === kernel);
  const free = of("memcg_slab_free_hook");
  assertEquals([free[at("v5.9")], free[at("v5.11")], free[at("v5.14")]], [
    "differs",
    "differs",
    "read",
  ]);
});
