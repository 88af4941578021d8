import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { lines, makeMachine } from "../harness.ts";
import { BUSY } from "./busy.ts";

const m = await makeMachine({ cpus: 3 });

Deno.test("run() lets each CPU in turn run to its end when the schedule has no events", () => {
  const r = m.run(`
    cpu0 inc()
    cpu1 inc()
    cpu2 inc()
    schedule: numeric
    order cpu2 cpu0 cpu1
  `);
  assertEquals(r.returns, [1, 2, 0]);
  assertEquals(r.switches, 4, "to CPU 2, to 0, to 1, and back to CPU 0 for the end");
});

Deno.test("a numeric switch comes before the point that its gap counts to", () => {
  const at = (gap: number) =>
    m.run(`
      cpu0 inc()
      cpu1 inc()
      schedule: numeric
      order cpu0 cpu1 cpu2
      +${gap} switch cpu1
    `);
  assertEquals(at(1).returns, [1, 0], "before the load of CPU 0");
  assertEquals(at(2).returns, [0, 0], "between its load and its store: a lost update");
  assertEquals(at(3).returns, [0, 1], "before the first point of CPU 1, which has the baton");
  assertEquals(at(100).returns, [0, 1]);
});

Deno.test("a numeric switch to a CPU that cannot run, or does not exist, is no switch", () => {
  const plain = m.run(`
    cpu0 nested()
    cpu1 inc()
    schedule: numeric
    order cpu0 cpu1 cpu2
  `);
  const idle = m.run(`
    cpu0 nested()
    cpu1 inc()
    schedule: numeric
    order cpu0 cpu1 cpu2
    +3 switch cpu2
    +1 switch cpu0
  `);
  assertEquals(idle.hash, plain.hash);
});

Deno.test("demote lets the CPU of the next priority run until it ends", () => {
  const r = m.run(`
    cpu0 inc()
    cpu1 inc()
    cpu2 read()
    schedule: numeric
    order cpu0 cpu1 cpu2
    +2 demote
  `);
  assertEquals(r.returns, [0, 0, 1]);
  assertEquals(lines(r.trace, /./).map((l) => l.slice(0, 4)), [
    "cpu0",
    "cpu1",
    "cpu1",
    "cpu2",
    "cpu0",
  ]);
});

const SWITCHED = `${BUSY}
  schedule: numeric
  order cpu1 cpu2 cpu0
  +3 switch cpu0
  +4 demote
  +2 switch cpu1
  +3 interrupt
  +1 demote
  +5 switch cpu0
`;

Deno.test("numeric events fire at the same points whether the run is recorded or not", () => {
  const traced = m.run(SWITCHED);
  const untraced = m.run(SWITCHED, { trace: false });
  assertEquals(untraced.points, traced.points);
  assertEquals(untraced.switches, traced.switches);
  assertEquals(untraced.returns, traced.returns);
  assertEquals(untraced.trace, []);
});

Deno.test("execute() gives one hash, again and again, and another for another schedule", () => {
  const first = m.run(SWITCHED);
  for (let i = 0; i < 20; i++) {
    assertEquals(m.run(SWITCHED).hash, first.hash);
    m.run(`cpu1 busy()`, { trace: false });
  }
  assertNotEquals(m.run(SWITCHED.replace("+4 demote", "+5 demote")).hash, first.hash);
});

Deno.test("execute() starts from the booted state every time", () => {
  assertEquals(m.run(`cpu0 inc()\ncpu0 inc()\ncpu0 read()`).returns, [0, 1, 2]);
  assertEquals(m.run(`cpu0 read()`).returns, [0]);
});

Deno.test("boot operations run first, on CPU 0, and are no part of the schedule or the trace", () => {
  const r = m.run(`
    boot inc()
    boot inc()
    cpu1 inc()
    schedule: numeric
    order cpu0 cpu1 cpu2
    +1 switch cpu0
  `);
  assertEquals(r.returns, [0, 1, 2]);
  assert(r.trace.every(({ cpu, op }) => cpu === 1 && op === 2));
});

Deno.test("recordPoint() says why a CPU runs: schedule, blocked, end", () => {
  const r = m.run(`
    cpu0 mn()
    cpu1 mn()
    schedule:
    cpu0 until lab_mutex: READ_ONCE
    cpu1 until end
    cpu0 until end
  `);
  const reasons = r.trace.map((p) => p.switchReason).filter((s) => s !== null);
  assertEquals(reasons, ["schedule", "blocked", "end"]);
});

Deno.test("operations of one CPU can be more than the CPU has points to switch at", () => {
  const many = Array.from({ length: 64 }, (_, i) => `cpu${i % 3} inc()`).join("\n");
  const r = m.run(many);
  assertEquals(r.points, 128);
  assertEquals([...r.returns].sort((a, b) => a - b), Array.from({ length: 64 }, (_, i) => i));
});
