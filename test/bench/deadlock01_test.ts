import { assertEquals } from "@std/assert";
import { file, makeMachine } from "../machine/harness.ts";
import { findsIt, isSmall } from "./hunt.ts";

const TARGET = file("test/bench/deadlock01.ts");
const TITLE = "INFO: task hung in do_ab";
const m = await makeMachine({ cpus: 3, target: TARGET });
const threads = m.assembled.target.program!.split("\n\n")[1];

Deno.test("deadlock01 is a small target with a main CPU that starts the others", () =>
  isSmall(m, TARGET));

Deno.test("deadlock01 is silent when its threads run one after the other", () => {
  const { title, points } = m.run(threads);
  assertEquals([title, points > 0], [null, true]);
});

Deno.test("deadlock01 fails when both threads hold their first lock", () => {
  const { title, unreached } = m.run(`${threads}
    schedule:
    cpu0 until end
    cpu1 until do_ab: mutex_trylock #2
    cpu2 until do_ba: mutex_trylock #2`);
  assertEquals([title, unreached], [TITLE, 0]);
});

for (const strategy of ["directed", "pct", "random"]) {
  Deno.test(`deadlock01 is found by ${strategy} within 500 executions`, () =>
    findsIt(m, strategy, TITLE, 500));
}
