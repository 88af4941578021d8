import { assertEquals } from "@std/assert";
import { interrupt, OPS_MAX } from "../../../src/engine/programs/mutate.ts";
import { PackedSpec } from "../../../src/engine/programs/packed_spec.ts";
import { repair } from "../../../src/engine/programs/repair.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { PROGRAM_WORDS } from "../../../src/prog/layout.ts";
import { packProgram, unpackProgram } from "../../../src/prog/pack.ts";
import { parseProgram } from "../../../src/prog/parse.ts";
import { printOperation } from "../../../src/prog/print.ts";
import { SPEC } from "../../prog/spec.ts";

const WORDS = new PackedSpec(SPEC);

/** The operations of a program after interrupt() and repair(), as text. */
function interrupted(body: string, seed: number): string[] {
  const text = `objcg-fuzz 1\ntitle: t\ntarget: ${SPEC.name}\ncpus: 2\n\n${body}\n`;
  const { errors, program } = parseProgram(text, "test", [SPEC]);
  assertEquals(errors.map(String), []);
  const w = new Int32Array(PROGRAM_WORDS);
  packProgram(program!, SPEC, w);
  const rng = new Rng(seed);
  interrupt(w, WORDS, rng);
  repair(w, WORDS, rng);
  return unpackProgram(w, SPEC).ops.map((o) => printOperation(o).replace(/\s+/g, " "));
}

Deno.test("interrupt() appends a handler that does what a task of its CPU does, to the same objects", () => {
  const body = "boot x = kmalloc(64)\nboot y = kmalloc(64)\ncpu1 kmalloc(92)";
  const added = Array.from({ length: 40 }, (_, seed) => interrupted(body, seed).at(-1)!);
  assertEquals([...new Set(added)].sort(), [
    "cpu1 hardirq x4 = kmalloc(92)",
    "cpu1 softirq x4 = kmalloc(92)",
  ]);
});

Deno.test("it adds nothing if no task does what a handler may, or there is no room", () => {
  const few = ["boot m1 = mkdir(root)", "cpu0 rmdir(m1)"];
  assertEquals(interrupted(few.join("\n"), 1), few);
  const many = Array.from({ length: OPS_MAX - 1 }, () => "cpu0 kmalloc(64)");
  assertEquals(interrupted(["boot m1 = mkdir(root)", ...many].join("\n"), 1).length, OPS_MAX);
});
