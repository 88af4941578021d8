import { assert, assertEquals } from "@std/assert";
import { makeMachine, OBJCG } from "../../machine/harness.ts";
import { CROWD, S2, SCHEDULE, TITLE } from "../../engine/s2.ts";

const m = await makeMachine({ cpus: 3, target: OBJCG });
const { printStep } = await import("../../../src/prog/print.ts");

const steps = (p: ReturnType<typeof m.recorded>) =>
  p.schedule?.kind === "symbolic" ? p.schedule.steps.map(printStep) : [];

Deno.test("stepsOfTrace() of a symbolic schedule is a schedule of the same trace", () => {
  for (const body of [S2, CROWD]) {
    const first = m.run(body + SCHEDULE);
    assertEquals([first.title, first.unreached], [TITLE, 0]);
    const recorded = m.recorded(m.parse(body + SCHEDULE));
    const again = m.run(recorded);
    assertEquals([again.hash, again.title, again.unreached], [first.hash, TITLE, 0]);
    assertEquals(steps(m.recorded(recorded)), steps(recorded), "recording it changes nothing");
  }
});

Deno.test("stepsOfTrace() names points by function, primitive, field and count", () => {
  m.run(S2 + SCHEDULE);
  assertEquals(steps(m.recorded(m.parse(S2))), [
    "cpu1 until css_killed_work_fn: mutex_lock owner",
    "cpu0 until css_get: load flags",
    "cpu1 until end",
    "cpu0 until end",
  ]);
});

Deno.test("stepsOfTrace() names interrupts where they were delivered", () => {
  const body = `
    boot a = mkdir(root)
    boot attach(cpu0, a)
    boot x = kmalloc(64)
    cpu0 y = kmalloc(64)
    cpu0 hardirq kfree(x)
    schedule: numeric
    order cpu0 cpu1 cpu2
    +20 interrupt
  `;
  const first = m.run(body);
  assertEquals(first.title, null);
  const recorded = m.recorded(m.parse(body));
  assert(steps(recorded).includes("cpu0 interrupt"), steps(recorded).join("\n"));
  assertEquals(m.run(recorded).hash, first.hash);
});

Deno.test("writeSteps() takes every kind of step of any program", () => {
  const all = m.parse(`${S2}
    schedule:
    cpu0 until css_get
    cpu0 until obj_cgroup_charge: css_get
    cpu0 until css_get: load flags #3
    cpu0 interrupt
    cpu1 softirq
    cpu1 until end`);
  assert(all.schedule?.kind === "symbolic");
  assertEquals(m.executor.writeSteps(all.schedule.steps, "file"), []);
});
