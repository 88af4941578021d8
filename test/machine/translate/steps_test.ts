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
    "cpu0 until obj_cgroup_charge: load flags",
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

/** CPU 1 is left after its charge, taken down with work for it queued, and brought up again. */
const LEFT = `
  boot a = mkdir(root)
  boot o = obj_cgroup_get_remote(a)
  cpu1 obj_cgroup_charge(o, 64)
  cpu1 obj_cgroup_charge(o, 64)
  cpu1 rmdir(a)
  cpu0 drain_all_stock(root)
  cpu0 cpu_down(cpu1)
  cpu0 cpu_up(cpu1)
  schedule:
  cpu1 until after obj_cgroup_charge
  cpu0 until after drain_all_stock
  cpu0 until after cpu_down
  cpu0 until after cpu_up
  cpu1 until after rmdir
  cpu0 until end`;

Deno.test("stepsOfTrace() leaves a CPU between two operations where the schedule left it", () => {
  const first = m.run(LEFT);
  assertEquals([first.title, first.unreached], ["stock is never drained again", 0]);
  const recorded = m.recorded(m.parse(LEFT));
  assertEquals(steps(recorded), [
    "cpu1 until after obj_cgroup_charge",
    "cpu0 until after cpu_up",
    "cpu1 until after rmdir",
    "cpu0 until end",
    "cpu1 until end",
  ]);
  const again = m.run(recorded);
  assertEquals([again.hash, again.unreached], [first.hash, 0]);
  assertEquals(steps(m.recorded(recorded)), steps(recorded));
});

Deno.test("stepsOfTrace() counts operations of one name, and sees interrupts between two", () => {
  const body = `
    boot a = mkdir(root)
    boot attach(cpu0, a)
    boot x = kmalloc(64)
    cpu0 y = kmalloc(64)
    cpu0 z = kmalloc(64)
    cpu0 kfree(y)
    cpu0 hardirq kfree(x)
    cpu1 drain_all_stock(a)
    schedule:
    cpu0 until after kmalloc #2
    cpu0 interrupt
    cpu1 until end
    cpu0 until end`;
  const first = m.run(body);
  assertEquals([first.title, first.unreached], [null, 0]);
  const recorded = m.recorded(m.parse(body));
  assertEquals(steps(recorded).slice(0, 3), [
    "cpu0 until after kmalloc #2",
    "cpu0 interrupt",
    "cpu1 until end",
  ]);
  assertEquals(m.run(recorded).hash, first.hash);
});
