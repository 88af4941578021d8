/** A bug of one CPU: a kworker frees what the operation that it preempts still uses. */
import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../machine/harness.ts";
import { NUMERIC, ONCE } from "../../src/machine/executor.ts";

const m = await makeMachine({ cpus: 1, target: file("test/machine/targets/late_use.ts") });
const { STRATEGIES } = await import("../../src/engine/strategies/all.ts");
const { minimize } = await import("../../src/engine/triage/minimize.ts");
const { load, titleOf, withRecordedSchedule } = await import("../../src/engine/inputs/input.ts");
const { Rng } = await import("../../src/engine/programs/rng.ts");
const { unpackNumeric } = await import("../../src/prog/pack.ts");
const { printStep } = await import("../../src/prog/print.ts");
const TITLE = "KASAN: slab-use-after-free Read in late_use";
const program = m.parse("cpu0 use()\ncpu0 use()");
const { executor } = m;

for (const shared of STRATEGIES) {
  const strategy = shared.begin?.() ?? shared;
  Deno.test(`${strategy.name} lets a kworker free what the operation below it uses`, () => {
    const rng = new Rng(1n, 0);
    const past = { meetings: executor.meetings, changed: new Uint32Array(executor.meetings.keys) };
    let points = 16;
    let n = 0;
    load(executor, program, m.spec);
    for (; n < 500; n++) {
      const count = n > 0 ? executor.meetings.count : 0;
      const s = { cpus: 1, points, interrupts: 0, preemptible: true, past: { ...past, count } };
      strategy.schedule(executor.schedule, s, rng);
      executor.execute(NUMERIC, ONCE);
      const schedule = unpackNumeric(executor.schedule, 1);
      points = Math.max(16, executor.scheduledPoints);
      if (!executor.hasFound) continue;
      assertEquals(titleOf(executor), TITLE);
      assertEquals(m.run({ ...program, schedule }).title, TITLE, "and a replay shows it");
      return;
    }
    assert(n < 500, "not found");
  });
}

Deno.test("minimize() keeps the step that lets the kworker in, and little else", () => {
  const input = m.parse(`cpu0 use()
    cpu0 use()
    schedule:
    cpu0 until late_use: READ_ONCE uses #2
    cpu0 kworker
    cpu0 until end`);
  assertEquals(m.run(input).title, TITLE);
  const small = minimize(executor, input, TITLE, m.spec, { budget: 500 }).program;
  assertEquals(m.run(small).title, TITLE);
  assertEquals(small.ops.length, 1);
  const { schedule } = small;
  assert(schedule?.kind === "symbolic");
  assertEquals(schedule.steps.map(printStep).slice(0, 2), [
    "cpu0 until late_use: READ_ONCE uses",
    "cpu0 kworker",
  ]);
  m.run(small);
  assertEquals(
    m.run(withRecordedSchedule(executor, small)).title,
    TITLE,
    "the recorded schedule shows it as well",
  );
});
