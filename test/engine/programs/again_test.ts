import { assert, assertEquals } from "@std/assert";
import { again, AGAIN_MAX } from "../../../src/engine/programs/again.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { mutated, WORDS } from "./mutated.ts";

const BODY = "boot m1 = mkdir(root)\nboot c1 = css_hold(m1)\nboot x1 = kmalloc(64)\ncpu0 kfree(x1)";
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);
const repeated = (first: number) =>
  SEEDS.map((seed) => mutated(BODY, (w) => again(w, first, WORDS, new Rng(seed))));

/** An operation without the names of results. */
const bare = (op: string) => op.replace(/\b[a-z]\d+ = /, "");

Deno.test("one operation is there many times, behind itself, each time with a result of its own", () => {
  for (const ops of repeated(0)) {
    assertEquals(ops.length, AGAIN_MAX);
    assertEquals(new Set(ops.map(bare)).size, BODY.split("\n").length, ops.join("\n"));
    const results = ops.flatMap((o) => /(\w+) = /.exec(o)?.[1] ?? []);
    assertEquals(new Set(results).size, results.length);
    let changes = 0;
    for (let i = 1; i < ops.length; i++) if (bare(ops[i]) !== bare(ops[i - 1])) changes++;
    assertEquals(changes, BODY.split("\n").length - 1, ops.join("\n"));
  }
});

Deno.test("half of the time it is done with other numbers, the same ones each time", () => {
  const sizes = repeated(0).filter((ops) => ops.filter((o) => o.includes("kmalloc")).length > 1)
    .map((ops) => new Set(ops.flatMap((o) => /kmalloc\((\d+)/.exec(o)?.[1] ?? [])));
  assert(sizes.every((s) => s.size === 1));
  const others = sizes.filter((s) => !s.has("64")).length;
  assert(others > 0 && others < sizes.length, `${others} of ${sizes.length}`);
});

Deno.test("operations before the first one that is given stay as they are", () => {
  const last = "cpu0 kfree(x1)";
  for (const ops of repeated(3)) {
    assertEquals(ops, [...BODY.split("\n").slice(0, 3), ...Array(AGAIN_MAX - 3).fill(last)]);
  }
});

Deno.test("a program that is full stays as it is", () => {
  const full = Array.from({ length: AGAIN_MAX }, (_, i) => `boot x${i + 1} = kmalloc(${i})`);
  const ops = mutated(full.join("\n"), (w) => again(w, 0, WORDS, new Rng(1)));
  assertEquals(ops, full);
});
