import { assert, assertEquals } from "@std/assert";
import { makeMachine, OBJCG } from "../../machine/harness.ts";
import { S2, SCHEDULE, TITLE } from "../s2.ts";

const m = await makeMachine({ cpus: 3, target: OBJCG });
const { attempt, inTurn, load, record, runOps, titleOf, withRecordedSchedule } = await import(
  "../../../src/engine/inputs/input.ts"
);

Deno.test("load() without a schedule runs the CPUs in turn", () => {
  const p = m.parse(S2);
  const first = m.run(p);
  assertEquals(m.run({ ...p, schedule: inTurn(p.cpus) }).hash, first.hash);
  assertEquals(first.title, null);
});

Deno.test("load() returns errors with their place for names that this kernel does not have", () => {
  const p = m.parse(`${S2}\nschedule:\ncpu0 until nowhere\ncpu1 until css_get: nothing`);
  const errors = load(m.executor, p, m.spec);
  assertEquals(errors.length, 2);
  assert(errors.every((e) => e.line > 0), errors.map(String).join("\n"));
  assertEquals(errors.map((e) => /"(\w+)"/.exec(e.message)![1]), ["nowhere", "nothing"]);
});

Deno.test("attempt() and record() give the title of the finding, or null", () => {
  const p = m.parse(S2 + SCHEDULE);
  assertEquals(attempt(m.executor, p, m.spec), TITLE);
  assertEquals(titleOf(m.executor), TITLE);
  assertEquals(record(m.executor, p, m.spec), TITLE);
  const again = withRecordedSchedule(m.executor, p);
  assertEquals(attempt(m.executor, again, m.spec), TITLE);
  assertEquals(attempt(m.executor, m.parse(S2), m.spec), null);
  assertEquals(titleOf(m.executor), null);
});

Deno.test("runOps() counts what is not setup", () => {
  assertEquals(runOps(m.parse(S2)), 2);
});
