import { assertEquals } from "@std/assert";
import { makeMachine } from "../harness.ts";

const m = await makeMachine({ cpus: 3 });
type Preempt = "none" | "full" | "rt";

/** done() on CPU 0 while CPU 1 stands where `step` says, and the callback was queued before or after. */
function whileStanding(op: string, step: string, preempt: Preempt = "full"): number {
  const r = m.run(
    `
    cpu1 ${op}()
    cpu0 defer(0)
    cpu0 done()
    schedule:
    cpu1 until ${step}
    cpu0 until end
    cpu1 until end
  `,
    { preempt },
  );
  assertEquals([r.title, r.unreached], [null, 0]);
  return r.returns[2];
}

Deno.test("a callback runs between operations when nobody is in a read-side section", () => {
  assertEquals(m.run(`cpu0 defer(0)\ncpu0 done()`).returns[1], 1);
});

Deno.test("a callback waits for a reader that was there when it was queued", () => {
  assertEquals(whileStanding("reader", "lab_reader: READ_ONCE"), 0);
  assertEquals(whileStanding("reader", "lab_reader: rcu_read_unlock"), 0);
});

Deno.test("a callback does not wait for a section that has not begun, or has ended", () => {
  assertEquals(whileStanding("reader", "lab_reader: rcu_read_lock"), 1);
  assertEquals(whileStanding("nested", "lab_inner"), 1, "no section at all");
});

Deno.test("a callback does not wait for readers that came after it", () => {
  const r = m.run(`
    cpu1 reader()
    cpu2 reader()
    cpu0 defer(0)
    cpu0 busy()
    cpu0 done()
    schedule:
    cpu1 until lab_reader: READ_ONCE
    cpu0 until lab_busy
    cpu2 until lab_reader: READ_ONCE
    cpu1 until end
    cpu0 until end
    cpu2 until end
  `);
  assertEquals(r.unreached, 0);
  assertEquals(r.returns[4], 1, "CPU 2 is in a section, but entered it later");
  assertEquals(r.returns.slice(0, 2), [0, 1]);
});

Deno.test("a section that began anew is another reader", () => {
  const r = m.run(`
    cpu1 reader()
    cpu1 reader()
    cpu0 defer(0)
    cpu0 busy()
    cpu0 done()
    schedule:
    cpu1 until lab_reader: READ_ONCE
    cpu0 until lab_busy
    cpu1 until lab_reader: READ_ONCE #3
    cpu0 until end
    cpu1 until end
  `);
  assertEquals([r.unreached, r.returns[4]], [0, 1]);
});

Deno.test("regions with irqs off and with preemption off are readers", () => {
  assertEquals(whileStanding("irq", "lab_irq: READ_ONCE x"), 0);
  assertEquals(whileStanding("irq", "lab_irq: READ_ONCE word"), 1);
  assertEquals(whileStanding("nopreempt", "lab_preempt: READ_ONCE"), 0);
  assertEquals(whileStanding("guarded", "lab_guarded: READ_ONCE"), 0, "a spinlock");
});

Deno.test("with preempt none a CPU in the middle of an operation blocks grace periods", () => {
  assertEquals(whileStanding("nested", "lab_inner", "none"), 0);
  assertEquals(whileStanding("irq", "lab_irq: READ_ONCE word", "none"), 0);
});

Deno.test("with preempt rt holders of spinlocks are readers, as those in read-side sections are", () => {
  assertEquals(whileStanding("guarded", "lab_guarded: READ_ONCE", "rt"), 0);
  assertEquals(whileStanding("reader", "lab_reader: READ_ONCE", "rt"), 0);
});

Deno.test("a handler is a reader", () => {
  const r = m.run(`
    cpu1 inc()
    cpu1 softirq busy()
    cpu0 defer(0)
    cpu0 done()
    schedule:
    cpu1 until lab_inc: WRITE_ONCE
    cpu1 interrupt
    cpu1 until lab_busy: READ_ONCE #2
    cpu0 until end
    cpu1 until end
  `);
  assertEquals([r.unreached, r.returns[3]], [0, 0]);
});

Deno.test("callbacks of one CPU run in the order in which they were queued", () => {
  const r = m.run(`
    cpu0 defer(3)
    cpu0 defer(1)
    cpu1 reader()
    schedule:
    cpu1 until lab_reader: READ_ONCE
    cpu0 until end
    cpu1 until end
  `);
  const heads = r.trace.filter((p) => p.what === "call_rcu").map((p) => p.object);
  assertEquals(heads, ["lab_item#3", "lab_item#1"]);
  assertEquals(r.trace.filter((p) => p.stack.at(-1) === "lab_callback").length, 2);
});

Deno.test("synchronize_rcu() returns only after the readers that were there", () => {
  const r = m.run(`
    cpu0 sync()
    cpu0 inc()
    cpu1 reader()
    schedule:
    cpu1 until lab_reader: READ_ONCE
    cpu0 until end
    cpu1 until end
  `);
  const order = r.trace.map((p) => `${p.cpu} ${p.what}`);
  assertEquals(r.title, null);
  assertEquals(order.indexOf("1 rcu_read_unlock") < order.indexOf("0 READ_ONCE"), true);
});

Deno.test("synchronize_rcu() without kernel preemption is itself a quiescent state", () => {
  const r = m.run(`cpu0 sync()\ncpu1 sync()\ncpu2 sync()`, { preempt: "none" });
  assertEquals(r.title, null);
});

Deno.test("synchronize_rcu() against a reader on its own CPU's stack hangs, and says so", () => {
  const r = m.run(`
    cpu1 reader()
    cpu1 wait()
    cpu0 sync()
    schedule:
    cpu0 until end
  `);
  assertEquals(r.title, "INFO: task hung in lab_wait", "that is the wait, not the grace period");
});
