import { assert, assertEquals, assertMatch } from "@std/assert";
import { makeMachine } from "../harness.ts";

const m = await makeMachine({ cpus: 2, stepLimit: 500 });

Deno.test("the step limit ends an endless loop as a soft lockup of its function", () => {
  const r = m.run(`cpu0 inc()\ncpu1 forever()`);
  assertEquals(r.title, "BUG: soft lockup in lab_forever");
  assertEquals(r.text, "No end after 500 schedule points.");
  assertEquals([r.cpu, r.points], [1, 500]);
});

Deno.test("the step limit ends an endless loop whether it is recorded, symbolic, or neither", () => {
  const title = "BUG: soft lockup in lab_forever";
  assertEquals(m.run(`cpu0 forever()`, { trace: false }).title, title);
  assertEquals(m.run(`boot forever()`).title, title);
  assertEquals(m.run(`cpu1 forever()\nschedule:\ncpu1 until end`).title, title);
});

Deno.test("the step limit is one of an execution, not of a campaign", () => {
  for (let i = 0; i < 200; i++) {
    assertEquals(m.run(`cpu0 nested()\ncpu1 busy()`, { trace: false }).title, null);
  }
});

Deno.test("an exception of a target is reported as one, with its place, and not as a bug", () => {
  const r = m.run(`cpu0 inc()\ncpu1 throws()`);
  assertEquals([r.title, r.oracle, r.kind], ["exception in lab_throws", "harness", "mistake"]);
  assertMatch(r.text, /^\/.*\/lab\.ts:\d+:\d+: RangeError: not a bug of the kernel/);
  assertEquals(r.report, "");
});

Deno.test("an exception before the schedule is reported as well", () => {
  assertEquals(m.run(`boot throws()`).title, "exception in lab_throws");
});

Deno.test("a NULL dereference names the function, the field and the direction", () => {
  const read = m.run(`cpu0 null_read()`);
  assertEquals(read.title, "KASAN: null-ptr-deref in lab_null_read");
  assertEquals(read.text, 'Read of field "next" through a NULL pointer.');
  const write = m.run(`cpu1 null_write()`);
  assertEquals(write.title, "KASAN: null-ptr-deref in lab_null_write");
  assertEquals(write.text, 'Write of field "x" through a NULL pointer.');
  assertEquals([write.cpu, write.oracle], [1, "KASAN"]);
});

Deno.test("an input that needs more than there is is no bug", () => {
  assertEquals(m.run(`cpu0 scarce(3)`).kind, "leak", "three are there, and nobody frees them");
  const r = m.run(`cpu0 scarce(4)`);
  assertEquals([r.title, r.oracle, r.kind], ["capacity exceeded", "harness", "capacity"]);
  assertEquals(r.text, "more than 3 objects of type scarce");
});

Deno.test("the machine goes on after findings of every kind", () => {
  for (const op of ["forever", "throws", "null_read", "null_write"]) {
    assert(m.run(`cpu1 ${op}()\ncpu0 inc()`).title !== null);
    const r = m.run(`cpu0 inc()\ncpu1 inc()`);
    assertEquals([r.title, ...r.returns], [null, 0, 1]);
  }
});
