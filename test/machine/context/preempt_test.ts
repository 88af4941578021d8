import { assertEquals, assertMatch } from "@std/assert";
import type { Preempt } from "../../../src/prog/types.ts";
import { lines, makeMachine } from "../harness.ts";

const m = await makeMachine({ cpus: 3 });

const PREEMPTED = `
  cpu0 nested()
  cpu1 queue(cpu0, 1)
  schedule:
  cpu0 until lab_inner
  cpu1 until end
  cpu0 kworker
  cpu0 until end
`;

Deno.test("a kworker preempts the task of its CPU where the schedule says so", () => {
  const r = m.run(PREEMPTED);
  assertEquals(lines(r.trace, /work: xchg|outer: xchg x|inner: READ/), [
    "cpu0 lab_work: xchg worked",
    "cpu0 lab_inner: READ_ONCE x",
    "cpu0 lab_inner: READ_ONCE x",
    "cpu0 lab_outer: xchg x",
    "cpu0 lab_outer: xchg x",
  ]);
  assertEquals(r.unreached, 0);
  const work = r.trace.find((p) => p.what === "xchg" && p.stack.includes("lab_work"))!;
  assertEquals([work.stack[0], work.op, work.context], ["process_one_work", -1, "task"]);
});

Deno.test("it runs all that is queued, and callbacks whose grace period is over", () => {
  const r = m.run(`
    cpu0 defer(3)
    cpu0 nested()
    cpu1 queue(cpu0, 1)
    cpu1 queue(cpu0, 2)
    cpu2 reader()
    schedule:
    cpu2 until lab_reader: READ_ONCE y
    cpu0 until lab_outer: xchg
    cpu2 until end
    cpu1 until end
    cpu0 kworker
    cpu0 until end
  `);
  assertEquals(lines(r.trace, /lab_work: xchg|lab_callback|outer: xchg/), [
    "cpu0 [softirq] lab_callback: atomic_add done",
    "cpu0 lab_work: xchg worked",
    "cpu0 lab_work: xchg worked",
    "cpu0 lab_outer: xchg y",
    "cpu0 lab_outer: xchg x",
    "cpu0 lab_outer: xchg x",
  ]);
});

Deno.test("a kworker does not preempt with --preempt none, interrupts off or preemption off", () => {
  const at = (op: string, step: string, preempt: Preempt = "full") =>
    m.run(
      `
      cpu0 ${op}
      cpu1 queue(cpu0, 1)
      schedule:
      cpu0 until ${step}
      cpu1 until end
      cpu0 kworker
      cpu0 until end
    `,
      { preempt },
    ).unreached;
  assertEquals(at("nested()", "lab_inner"), 0);
  assertEquals(at("nested()", "lab_inner", "none"), 1);
  assertEquals(at("irq()", "lab_irq: READ_ONCE y"), 1);
  assertEquals(at("irq()", "lab_irq: READ_ONCE word"), 0);
  assertEquals(at("nopreempt()", "lab_preempt: READ_ONCE"), 1);
  assertEquals(at("guarded()", "lab_guarded: READ_ONCE"), 1);
  assertEquals(at("reader()", "lab_reader: READ_ONCE y"), 0, "preemptible RCU");
  assertEquals(at("mn()", "lab_mutex: READ_ONCE"), 0, "with mutexes held");
});

Deno.test("a kworker step without work on that CPU is not reached", () => {
  const r = m.run(`
    cpu0 nested()
    schedule:
    cpu0 until lab_inner
    cpu0 kworker
    cpu0 until end
  `);
  assertEquals([r.unreached, r.unreachedFirst], [1, 1]);
});

Deno.test("a numeric event lets the kworker in, and translates to the same execution", () => {
  const numeric = m.run(`
    cpu0 queue(cpu0, 1)
    cpu0 nested()
    cpu1 queue(cpu0, 2)
    schedule: numeric
    order cpu0 cpu1 cpu2
    +8 switch cpu1
    +3 kworker
    +1 kworker
  `);
  const steps = numeric.steps;
  assertEquals(steps.filter((s) => s === "cpu0 kworker").length, 1, steps.join("\n"));
  const symbolic = m.run(`
    cpu0 queue(cpu0, 1)
    cpu0 nested()
    cpu1 queue(cpu0, 2)
    schedule:
    ${steps.join("\n    ")}
  `);
  assertEquals(symbolic.hash, numeric.hash);
});

Deno.test("a kworker can be left, and the preempted task goes on after it", () => {
  const r = m.run(`
    cpu0 nested()
    cpu1 queue(cpu0, 1)
    cpu2 wake()
    schedule:
    cpu0 until lab_inner
    cpu1 until end
    cpu0 kworker
    cpu0 until lab_work: xchg
    cpu2 until end
    cpu0 until end
  `);
  assertEquals(lines(r.trace, /work: xchg|WRITE_ONCE word|inner: READ/).slice(0, 3), [
    "cpu2 do_wake: WRITE_ONCE word",
    "cpu0 lab_work: xchg worked",
    "cpu0 lab_inner: READ_ONCE x",
  ]);
});

Deno.test("what the preempted task holds is not held by the kworker", () => {
  const r = m.run(`
    cpu0 mn()
    cpu1 queue(cpu0, 1)
    schedule:
    cpu0 until lab_mutex: READ_ONCE
    cpu1 until end
    cpu0 kworker
    cpu0 until end
  `);
  assertEquals(r.title, null);
});

Deno.test("an execution in which a kworker waits for the task below it says nothing", () => {
  const r = m.run(`
    cpu0 hold()
    cpu1 queue_lock(cpu0)
    schedule:
    cpu0 until lab_hold: READ_ONCE
    cpu1 until end
    cpu0 kworker
    cpu0 until end
  `);
  assertEquals([r.title, r.kind], ["capacity exceeded", "capacity"]);
  assertMatch(r.text, /A kworker waits for the task that it preempted/);
});

Deno.test("a kworker runs while the task of its CPU sleeps, if nobody else can end the sleep", () => {
  const r = m.run(
    `
    cpu0 wait()
    cpu1 queue_wake(cpu0)
    cpu1 wait()
    schedule:
    cpu0 until end
    cpu1 until end
  `,
    { preempt: "none" },
  );
  assertEquals(r.title, null);
  assertEquals(lines(r.trace, /WRITE_ONCE word/), ["cpu0 lab_wake_work: WRITE_ONCE word"]);
});
