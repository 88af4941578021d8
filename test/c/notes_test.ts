/** What the model leaves out of functions of a tree, as `compare` knows it. */
import { assert, assertEquals } from "@std/assert";
import { NOTES } from "../../src/c/notes.ts";
import { PRIMITIVES } from "../../src/machine/layout/primitives.ts";
import { kernelSources } from "../../src/cli/parent/kernel_sources.ts";
import { read } from "../documentation.ts";

Deno.test("a note names a function of the model, and points that it can pass", () => {
  const functions = new Set(kernelSources().map(({ name }) => name));
  for (const { in: name, points } of NOTES) {
    assert(functions.has(name), `${name}() is no function of the model`);
    for (const point of points) {
      assert(PRIMITIVES.includes(point.split(" ")[0] as typeof PRIMITIVES[number]), point);
    }
  }
});

Deno.test("the page lists all notes with their reasons, and no others", () => {
  const rows = [...read("src/c/README.md").matchAll(/^\| `(\w+)\(\)` +\| (.*?) +\| (.*?) +\|$/gm)];
  const told = rows.map(([_, name, points, why]) => [name, points, why]);
  const known = NOTES.map(({ in: name, points, why }) => [
    name,
    points.map((p) => `\`${p}\``).join(", "),
    why,
  ]);
  assertEquals(told, known);
});
