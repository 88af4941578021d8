import { assert, assertEquals } from "@std/assert";
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

Deno.test("reorder_5's main CPU waits for each thread, whoever comes first", () => {
  const { title, trace } = m.run(`${threads}
    schedule:
    cpu0 until do_join #3
    cpu5 until end
    cpu0 until end`);
  assertEquals(title, null);
  const joins = trace.flatMap((p, i) => p.what === "cpu_join" ? [i] : []);
  const lastOf = (cpu: number) => trace.findLastIndex((p) => p.cpu === cpu);
  // Main is about to wait for CPU n+1 only when CPU n is done.
  [1, 2, 3, 4].forEach((cpu) => assert(lastOf(cpu) < joins[cpu], `join ${cpu + 1} came too early`));
});

for (const strategy of ["directed", "pct", "random"]) {
  Deno.test(`reorder_5 is found by ${strategy} within 500 executions`, () =>
    findsIt(m, strategy, TITLE, 500));
}
