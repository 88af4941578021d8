import { assert, assertEquals } from "@std/assert";
import { lines, makeMachine } from "../harness.ts";

const m = await makeMachine({ cpus: 2 });
const contexts = (r: { trace: readonly { context: string }[] }) =>
  r.trace.map((p) => p.context).filter((c, i, all) => c !== all[i - 1]).join(" ");

for (const context of ["softirq", "hardirq"]) {
  Deno.test(`a ${context} that comes with irqs off is pending, and delivered at the restore`, () => {
    const r = m.run(`
      cpu0 irq()
      cpu0 ${context} touch()
      schedule:
      cpu0 until lab_irq: READ_ONCE x
      cpu0 interrupt
      cpu0 until end
    `);
    assertEquals(lines(r.trace, /./), [
      "cpu0 lab_irq: local_irq_save",
      "cpu0 lab_irq: interrupt",
      "cpu0 lab_irq: READ_ONCE x",
      "cpu0 lab_irq: READ_ONCE y",
      "cpu0 lab_irq: local_irq_restore",
      `cpu0 [${context}] lab_touch: atomic_add x`,
      `cpu0 [${context}] lab_touch: atomic_add y`,
      "cpu0 lab_irq: READ_ONCE word",
    ]);
  });
}

Deno.test("an NMI does not look at whether irqs are off", () => {
  const r = m.run(`
    cpu0 irq()
    cpu0 nmi touch()
    schedule:
    cpu0 until lab_irq: READ_ONCE y
    cpu0 interrupt
    cpu0 until end
  `);
  assertEquals(lines(r.trace, /touch|: READ_ONCE y|restore/), [
    "cpu0 [nmi] lab_touch: atomic_add x",
    "cpu0 [nmi] lab_touch: atomic_add y",
    "cpu0 lab_irq: READ_ONCE y",
    "cpu0 lab_irq: local_irq_restore",
  ]);
});

Deno.test("handlers nest in the order softirq, hardirq, NMI", () => {
  const r = m.run(`
    cpu0 inc()
    cpu0 softirq reader()
    cpu0 hardirq busy()
    cpu0 nmi touch()
    schedule:
    cpu0 until lab_inc: WRITE_ONCE
    cpu0 interrupt
    cpu0 until lab_reader: READ_ONCE
    cpu0 interrupt
    cpu0 until lab_busy: READ_ONCE #2
    cpu0 interrupt
    cpu0 until end
  `);
  assertEquals(r.unreached, 0);
  assertEquals(contexts(r), "task softirq hardirq nmi hardirq softirq task");
});

Deno.test("a softirq or hardirq does not nest over its own kind or a higher one", () => {
  for (const [outer, inner] of [["hardirq", "softirq"], ["hardirq", "hardirq"], ["nmi", "nmi"]]) {
    const r = m.run(`
      cpu0 inc()
      cpu0 ${outer} busy()
      cpu0 ${inner} touch()
      schedule:
      cpu0 until lab_inc: WRITE_ONCE
      cpu0 interrupt
      cpu0 until lab_busy: READ_ONCE #3
      cpu0 interrupt
      cpu0 until end
    `);
    const all = lines(r.trace, /busy: READ|touch/);
    assertEquals(
      all.findIndex((l) => /touch/.test(l)),
      6,
      `${inner} waits for the end of ${outer}`,
    );
  }
});

Deno.test("a hardirq runs with irqs off and leaves them as they were", () => {
  const r = m.run(`
    cpu0 inc()
    cpu0 hardirq irq()
    cpu0 hardirq touch()
    cpu0 irq()
    schedule:
    cpu0 until lab_inc: WRITE_ONCE
    cpu0 interrupt
    cpu0 until lab_irq: READ_ONCE word
    cpu0 interrupt
    cpu0 until end
  `);
  assertEquals(r.title, null);
  const all = lines(r.trace, /word|touch/);
  assert(all[0].includes("[hardirq] lab_irq"), "the inner restore turned nothing on");
});

Deno.test("interrupts that the schedule did not place come at the end, in program order", () => {
  const r = m.run(`
    cpu0 inc()
    cpu0 hardirq busy()
    cpu0 softirq touch()
    cpu1 inc()
    cpu1 nmi touch()
  `);
  assertEquals(r.returns[3], 2, "CPU 1 runs after the handlers of CPU 0");
  assertEquals(
    r.trace.filter((p) => p.cpu === 0).map((p) => p.context)
      .filter((c, i, all) => c !== all[i - 1]),
    ["task", "hardirq", "softirq"],
  );
  assertEquals(r.trace.filter((p) => p.cpu === 1).at(-1)?.context, "nmi");
});

Deno.test("numeric interrupt events do the same, and do nothing when none is left", () => {
  const run = (extra: string) =>
    m.run(`
      cpu0 irq()
      cpu0 hardirq touch()
      schedule: numeric
      order cpu0 cpu1
      +2 interrupt
      ${extra}
    `);
  const all = lines(run("").trace, /touch|interrupt|restore/);
  assertEquals(all.map((l) => l.replace(/.*: /, "")), [
    "interrupt",
    "local_irq_restore",
    "atomic_add x",
    "atomic_add y",
  ]);
  assertEquals(run("+5 interrupt").hash, run("").hash);
});

Deno.test("a handler is a function call to the operation it interrupts: sites go on after it", () => {
  const plain = m.run(`cpu0 nested()`);
  const hit = m.run(`
    cpu0 nested()
    cpu0 hardirq busy()
    schedule: numeric
    order cpu0 cpu1
    +4 interrupt
  `);
  const own = (r: typeof plain) => lines(r.trace, /nested|lab_(outer|inner|helper): (?!interrupt)/);
  assertEquals(own(hit), own(plain));
  assertEquals(hit.points, plain.points + 6);
});

Deno.test("with preempt rt a handler waits for a sleeping lock of the task to be released", () => {
  const r = m.run(
    `
    cpu0 guarded()
    cpu0 hardirq touch()
    schedule:
    cpu0 until lab_guarded: WRITE_ONCE
    cpu0 interrupt
    cpu0 until end
  `,
    { preempt: "rt" },
  );
  const all = lines(r.trace, /touch|unlock/);
  assertEquals(all.length, 3);
  assert(all[0].endsWith("spin_unlock lock"), all.join("\n"));
});

Deno.test("with preempt rt a handler, which is a thread, waits until the task can be preempted", () => {
  const order = (context: string, preempt: "full" | "rt") =>
    lines(
      m.run(
        `
        cpu0 nopreempt()
        cpu0 ${context} touch()
        schedule:
        cpu0 until lab_preempt: atomic_read
        cpu0 interrupt
        cpu0 until end
      `,
        { preempt },
      ).trace,
      /touch: atomic_add x|preempt_enable/,
    ).map((line) => /\[(\w+)\]/.exec(line)?.[1] ?? "enable");
  for (const context of ["softirq", "hardirq"]) {
    assertEquals(order(context, "full"), [context, "enable"]);
    assertEquals(order(context, "rt"), ["enable", context]);
  }
  assertEquals(order("nmi", "rt"), ["nmi", "enable"]); // which is no thread
});
