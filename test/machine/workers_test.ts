/** What the contract of an executor promises, of the one whose CPUs are Workers. */
import { assert, assertEquals } from "@std/assert";
import { makeMachine } from "./harness.ts";
import { AGAIN, FIRST, NUMERIC, ONCE, SYMBOLIC } from "../../src/machine/executor.ts";
import { monitorOf } from "../../src/machine/monitor.ts";

const m = await makeMachine({ cpus: 3, stepLimit: 500 });
const { formOf, load, record, titleOf } = await import("../../src/engine/inputs/input.ts");
const { executor } = m;

const FINE = "boot add(1)\ncpu0 add(2)\ncpu1 add(3)\ncpu2 add(4)";
const WRONG = "cpu0 add(1)\ncpu1 null_read()";
const NULL_READ = "KASAN: null-ptr-deref in lab_null_read";

Deno.test("execute() and record() leave the input as it was", () => {
  for (const body of [FINE, WRONG]) {
    const p = m.parse(body);
    load(executor, p, m.spec);
    const words = () => [[...executor.program], [...executor.schedule]];
    const before = words();
    executor.execute(NUMERIC, ONCE);
    executor.record(NUMERIC);
    assertEquals(words(), before);
  }
});

Deno.test("an execution gives the same outcome whatever was executed before", () => {
  const alone = () => {
    record(executor, m.parse(FINE), m.spec);
    const { novel: _, ...outcome } = executor.outcome();
    return { ...outcome, returned: [0, 1, 2, 3].map((i) => executor.returned(i)) };
  };
  const first = alone();
  assertEquals(record(executor, m.parse(WRONG), m.spec), NULL_READ);
  assertEquals(alone(), first);
});

Deno.test("execute() AGAIN comes to what ONCE comes to", () => {
  const p = m.parse(FINE);
  load(executor, p, m.spec);
  const outcomes = ([ONCE, FIRST, AGAIN, AGAIN] as const).map((repetition) => {
    executor.execute(NUMERIC, repetition);
    const { found, switches } = executor.outcome();
    const returned = p.ops.map((_, i) => executor.returned(i));
    return { found, switches, returned, scheduled: executor.scheduledPoints };
  });
  for (const outcome of outcomes) assertEquals(outcome, outcomes[0]);
  assert(outcomes[0].scheduled > 0);
});

Deno.test("what is read in the loop is what outcome() says", () => {
  for (const body of [FINE, WRONG]) {
    load(executor, m.parse(body), m.spec);
    executor.execute(NUMERIC, ONCE);
    const { found, novel, points, switches } = executor.outcome();
    const { hasFound } = executor;
    assertEquals([found !== null, novel, points, switches], [
      hasFound,
      executor.novel,
      executor.points,
      executor.switches,
    ]);
    assertEquals(titleOf(executor), found?.title ?? null);
  }
});

Deno.test("outcome() tells whose fault a finding is", () => {
  record(executor, m.parse(WRONG), m.spec);
  const { fault, isLockup, oracle } = executor.outcome().found!;
  assertEquals([fault, isLockup, oracle], ["kernel", false, "KASAN"]);
  const faultOf = (body: string) => {
    record(executor, m.parse(body), m.spec);
    return executor.outcome().found!;
  };
  assertEquals(faultOf("cpu0 throws()").fault, "mistake", "the target is a file of the user's");
  assertEquals(faultOf("cpu0 scarce(7)").fault, "capacity");
  assert(faultOf("cpu0 forever()").isLockup);
});

Deno.test("meetings tell who wrote, who met it, and whose turn it was", () => {
  const p = m.parse("cpu0 add(1)\ncpu1 add(2)\nschedule: numeric\norder cpu0 cpu1 cpu2");
  load(executor, p, m.spec);
  executor.execute(formOf(p), ONCE);
  const { meetings } = executor;
  const met = Array.from({ length: meetings.count }, (_, i) => i)
    .filter((i) => meetings.written(i) > 0);
  assert(met.length > 0);
  for (const i of met) {
    assertEquals([meetings.writer(i), meetings.reader(i)], [0, 1]);
    assert(meetings.written(i) < meetings.position(i));
    assert(meetings.key(i) < meetings.keys);
  }
  const turns = Array.from({ length: meetings.turns }, (_, t) => meetings.turnActor(t));
  assertEquals(turns.slice(0, 2), [0, 1]);
});

Deno.test("a monitor sees the heartbeat and the input of another thread", () => {
  const monitor = monitorOf(m.assembled.buffer);
  const p = m.parse(`${FINE}\nschedule:\ncpu1 until end\ncpu0 until end`);
  const before = monitor.heartbeat();
  record(executor, p, m.spec);
  assert(monitor.heartbeat() !== before);
  const { form, program, schedule } = monitor.input();
  assertEquals(form, SYMBOLIC);
  assertEquals([[...program], [...schedule]], [[...executor.program], [...executor.schedule]]);
  load(executor, m.parse(WRONG), m.spec);
  assert(program.some((word, i) => word !== executor.program[i]), "what it saw is a copy");
  executor.execute(NUMERIC, ONCE);
  assertEquals(monitor.input().form, NUMERIC);
});
