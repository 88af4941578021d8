import { assertEquals } from "@std/assert";
import { bind } from "../../../src/engine/programs/bind.ts";
import { PackedSpec } from "../../../src/engine/programs/packed_spec.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { LIMITS } from "../../../src/prog/types.ts";
import { OP_ARGS, operationAt, PROGRAM_WORDS } from "../../../src/prog/layout.ts";
import { packProgram, unpackProgram } from "../../../src/prog/pack.ts";
import { parseProgram } from "../../../src/prog/parse.ts";
import { printOperation } from "../../../src/prog/print.ts";
import { SPEC } from "../../prog/spec.ts";

const WORDS = new PackedSpec(SPEC);

/** The last operation of a program, bound to another one, as text. */
function bound(body: string, other: number, seed = 1): string {
  const text = `objcg-fuzz 1\ntitle: t\ntarget: ${SPEC.name}\ncpus: 2\n\n${body}\n`;
  const { errors, program } = parseProgram(text, "test", [SPEC]);
  assertEquals(errors.map(String), []);
  const w = new Int32Array(PROGRAM_WORDS);
  packProgram(program!, SPEC, w);
  const last = operationAt(program!.ops.length - 1);
  bind(w, last, operationAt(other), WORDS, new Rng(seed));
  for (let k = 0; k < LIMITS.args; k++) if (w[last + OP_ARGS + k] < 0) return "nothing";
  return printOperation(unpackProgram(w, SPEC).ops.at(-1)!).replace(/\s+/g, " ");
}

Deno.test("bind() gives an operation the resource that the other one made", () => {
  const body = "boot x = kmalloc(64)\nboot y = kmalloc(64)\ncpu0 kfree(y)";
  assertEquals(bound(body, 0), "cpu0 kfree(x1)");
  assertEquals(bound(body, 1), "cpu0 kfree(x2)");
});

Deno.test("bind() takes what the other operation uses before what was made from it", () => {
  const body = "boot a = mkdir(root)\nboot b = mkdir(root)\nboot c = mkdir(a)\n";
  for (let seed = 0; seed < 20; seed++) {
    assertEquals(bound(`${body}cpu0 attach(cpu0, a)\ncpu1 rmdir(b)`, 3, seed), "cpu1 rmdir(m1)");
  }
  const from = new Set(
    Array.from({ length: 20 }, (_, seed) => bound(`${body}cpu1 rmdir(b)`, 2, seed)),
  );
  assertEquals([...from].sort(), ["cpu1 rmdir(m1)", "cpu1 rmdir(m3)"]);
});

Deno.test("bind() leaves to repair() what has no near resource", () => {
  assertEquals(bound("boot x = kmalloc(64)\nboot a = mkdir(root)\ncpu1 rmdir(a)", 0), "nothing");
});

Deno.test("bind() finds the cgroup of a task that charges it without naming it", () => {
  const boot = "boot a = mkdir(root)\nboot b = mkdir(root)\nboot attach(cpu0, a)\n";
  for (let seed = 0; seed < 20; seed++) {
    assertEquals(bound(`${boot}cpu0 kmalloc(64)\ncpu1 rmdir(b)`, 3, seed), "cpu1 rmdir(m1)");
  }
  assertEquals(bound(`${boot}cpu1 kmalloc(64)\ncpu1 rmdir(b)`, 3), "nothing");
  assertEquals(bound(`${boot}cpu0 softirq kmalloc(64)\ncpu1 rmdir(b)`, 3), "nothing");
});
