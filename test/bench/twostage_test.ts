import { assertEquals } from "@std/assert";
import { file, makeMachine } from "../machine/harness.ts";
import { findsIt, isSmall } from "./hunt.ts";

const TARGET = file("test/bench/twostage.ts");
const TITLE = "kernel BUG in do_read";
const m = await makeMachine({ cpus: 3, target: TARGET });
const threads = m.assembled.target.program!.split("\n\n")[1];

Deno.test("twostage is a small target with a main CPU that starts the others", () =>
  isSmall(m, TARGET));

Deno.test("twostage is silent when its threads run one after the other", () => {
  const { title, points } = m.run(threads);
  assertEquals([title, points > 0], [null, true]);
});

Deno.test("twostage fails when the reader comes between the two stages", () => {
  const { title, unreached } = m.run(`${threads}
    schedule:
    cpu0 until end
    cpu1 until do_write: mutex_lock #2
    cpu2 until end`);
  assertEquals([title, unreached], [TITLE, 0]);
});

for (const strategy of ["directed", "pct", "random"]) {
  Deno.test(`twostage is found by ${strategy} within 500 executions`, () =>
    findsIt(m, strategy, TITLE, 500));
}
