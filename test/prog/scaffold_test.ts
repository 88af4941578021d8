import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseProgram } from "../../src/prog/parse.ts";
import { printOperation, printProgram } from "../../src/prog/print.ts";
import { scaffold } from "../../src/prog/scaffold.ts";
import type { TargetSpec } from "../../src/prog/types.ts";
import { OTHER, SPEC } from "./spec.ts";

function parse(text: string, spec: TargetSpec) {
  const { program, errors, warnings } = parseProgram(text, "x.txt", [spec]);
  assertEquals([...errors, ...warnings].map(String), []);
  return program!;
}

Deno.test("scaffold() writes a canonical program that parses", () => {
  for (const spec of [SPEC, OTHER, { ...OTHER, predefined: [] }, { ...OTHER, ops: [] }]) {
    const text = scaffold("What goes wrong", ["https://lore.kernel.org/r/1"], spec);
    const program = parse(text, spec);
    assertEquals(printProgram(program), text);
    assertEquals(program.title, "What goes wrong");
    assertEquals(program.links, ["https://lore.kernel.org/r/1"]);
  }
});

Deno.test("scaffold() composes a program that leaves predefined resources alone", () => {
  const { ops, schedule } = parse(scaffold("t", [], SPEC), SPEC);
  assertEquals(ops.map(printOperation), [
    "boot  a = mkdir(root)",
    "cpu0  rmdir(a)",
    "cpu1  attach(cpu0, a)",
  ]);
  assertEquals(schedule?.kind === "symbolic" && schedule.steps.length, 2);
});

Deno.test("scaffold() lists every operation with its signature and what it does", () => {
  const text = scaffold("t", [], SPEC);
  for (const op of SPEC.ops) {
    assertStringIncludes(text, `${op.name}(`);
    assertStringIncludes(text, `#     ${op.doc}`);
  }
  assertStringIncludes(text, "#   memcg = mkdir(parent: memcg)\n");
  assertStringIncludes(text, "#   obj_cgroup_charge(objcg, size: 0..65536)\n");
  assertStringIncludes(text, "#   rmdir(memcg) (run only)\n");
  assertStringIncludes(text, "#   object = kmalloc(size: 0..65536) (in task, softirq, hardirq)\n");
  assertStringIncludes(text, "root (memcg)");
});

Deno.test("scaffold() begins with the body it is given", () => {
  const body = "cpu0  rmdir(root)\n\nschedule:\ncpu0 until end\n";
  const text = scaffold("  two\nlines ", ["", " a "], SPEC, body);
  const program = parse(text, SPEC);
  assertEquals(program.title, "two lines");
  assertEquals(program.links, ["a"]);
  assertEquals(program.ops.map(printOperation), ["cpu0  rmdir(root)"]);
  assertEquals(printProgram(program), text);
});
