import { assertEquals } from "@std/assert";
import { file, makeMachine } from "../machine/harness.ts";
import { findsIt, isSmall } from "./hunt.ts";

const TARGET = file("test/bench/reorder_5.ts");
const TITLE = "kernel BUG in do_check";
const m = await makeMachine({ cpus: 6, target: TARGET });
const threads = m.assembled.target.program!.split("\n\n")[1];

Deno.test("reorder_5 is a small target with a main CPU that starts the others", () =>
  isSmall(m, TARGET));

Deno.test("reorder_5 is silent when its threads run one after the other", () => {
  const { title, points } = m.run(threads);
  assertEquals([title, points > 0], [null, true]);
});

Deno.test("reorder_5 fails when the checker comes between a setter's two stores", () => {
  const { title, unreached } = m.run(`${threads}
    schedule:
    cpu0 until end
    cpu1 until do_set: store y
    cpu5 until end`);
  assertEquals([title, unreached], [TITLE, 0]);
});

for (const strategy of ["pct", "random"]) {
  Deno.test(`reorder_5 is found by ${strategy} within 500 executions`, () =>
    findsIt(m, strategy, TITLE, 500));
}

Deno.test({ name: "close", fn: () => m.close(), sanitizeOps: false, sanitizeResources: false });
