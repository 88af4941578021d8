import { assert, assertEquals } from "@std/assert";
import { Effects, type Touch } from "../../../src/engine/programs/effects.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import type { OpSpec } from "../../../src/prog/types.ts";

const OPS: readonly OpSpec[] = [
  { name: "write", doc: "", args: [] },
  { name: "read", doc: "", args: [] },
  { name: "other", doc: "", args: [], weight: 9 },
  { name: "never", doc: "", args: [], weight: 0 },
  { name: "make", doc: "", args: [], where: "boot" },
];

function touch(op: number, what: string, object: string, field: string): Touch {
  return { op, what, object, field };
}

/** write() writes what read(), never() and make() read; other() reads something of its own. */
function learned(): Effects {
  const e = new Effects(OPS);
  e.learn([
    touch(0, "store", "thing#1", "x"),
    touch(1, "READ_ONCE", "thing#2", "x"),
    touch(2, "load", "thing#1", "y"),
    touch(3, "load", "thing#1", "x"),
    touch(4, "load", "thing#1", "x"),
    touch(-1, "store", "thing#1", "y"),
    { op: 2, what: "spin_lock", object: null, field: null },
  ], [0, 1, 2, 3, 4]);
  return e;
}

Deno.test("operations act on each other if one writes what the other one touches", () => {
  const e = learned();
  assertEquals(e.affinity(0, 1), 1 / 4);
  assertEquals(e.affinity(1, 0), 1 / 4);
  assertEquals(e.affinity(1, 3), 0, "two reads");
  assertEquals(e.affinity(0, 2), 0, "another field");
});

Deno.test("draw() gives what acts on the operation, and nothing where nothing is known", () => {
  const e = learned();
  const rng = new Rng(1);
  const run = new Set(Array.from({ length: 200 }, () => e.draw(0, false, rng)));
  // write() itself, read(), and -1 where make() was drawn, which is for boot only.
  assertEquals([...run].sort(), [-1, 0, 1]);
  assertEquals(e.draw(2, false, rng), -1);
  assertEquals(new Effects(OPS).draw(0, false, rng), -1);
  assert(Array.from({ length: 200 }, () => e.draw(0, true, rng)).includes(4));
});

Deno.test("an operation is wanted until it was learned from a few traces", () => {
  const e = new Effects(OPS);
  let traces = 0;
  for (; e.isWanted(1); traces++) e.learn([], [1, 1]);
  assert(traces > 1 && traces < 10, `${traces}`);
  assert(e.isWanted(0));
});
