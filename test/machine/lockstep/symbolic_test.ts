import { assertEquals, assertThrows } from "@std/assert";
import { lines, makeMachine } from "../harness.ts";

const m = await makeMachine({ cpus: 3 });

/** Where CPU 0 stood when CPU 1 did its only point, as the index of CPU 0's next point. */
function stop(step: string): { at: string | undefined; unreached: number } {
  const r = m.run(`
    cpu0 nested()
    cpu1 wake()
    schedule:
    cpu0 until ${step}
    cpu1 until end
    cpu0 until end
  `);
  const all = lines(r.trace, /./);
  return { at: all[all.findIndex((l) => l.startsWith("cpu1")) + 1], unreached: r.unreached };
}
const FIRST = "cpu0 lab_outer: READ_ONCE x";

Deno.test("until FN stops before the first point inside FN", () => {
  assertEquals(stop("lab_outer"), { at: FIRST, unreached: 0 });
  assertEquals(stop("lab_inner"), { at: "cpu0 lab_inner: READ_ONCE x", unreached: 0 });
});

Deno.test("until FN #n counts entries, not points", () => {
  const r = m.run(`
    cpu0 nested()
    cpu1 wake()
    schedule:
    cpu0 until lab_inner #2
    cpu1 until end
  `);
  const all = lines(r.trace, /./);
  assertEquals(all.findIndex((l) => l.startsWith("cpu1")), 4, "the second entry, after the helper");
  assertEquals(stop("lab_inner #3"), { at: undefined, unreached: 1 });
});

Deno.test("until FN: CALLEE stops where FN has called CALLEE", () => {
  assertEquals(stop("lab_outer: lab_inner").at, "cpu0 lab_inner: READ_ONCE x");
  assertEquals(stop("lab_outer: lab_helper").at, "cpu0 lab_helper: READ_ONCE word");
  assertEquals(stop("lab_inner: lab_helper").unreached, 1, "another function called it");
});

Deno.test("until FN: PRIMITIVE stops before that primitive in FN itself", () => {
  assertEquals(stop("lab_inner: WRITE_ONCE").at, "cpu0 lab_inner: WRITE_ONCE y");
  assertEquals(stop("lab_outer: xchg").at, "cpu0 lab_outer: xchg y");
  assertEquals(stop("lab_outer: WRITE_ONCE").unreached, 1, "only lab_inner writes");
});

Deno.test("until FN: PRIMITIVE FIELD #n stops at the n-th access to that field", () => {
  assertEquals(stop("lab_outer: xchg x").at, "cpu0 lab_outer: xchg x");
  assertEquals(stop("lab_outer: xchg x #2").at, "cpu0 lab_outer: xchg x");
  assertEquals(stop("lab_outer: xchg #3").at, "cpu0 lab_outer: xchg x");
  assertEquals(stop("lab_outer: xchg x #3").unreached, 1);
});

Deno.test("until FN: PRIMITIVE counts points of inlined helpers as those of FN", () => {
  assertEquals(stop("lab_outer: READ_ONCE word").at, "cpu0 lab_helper: READ_ONCE word");
  assertEquals(stop("lab_helper: READ_ONCE word").at, "cpu0 lab_helper: READ_ONCE word");
});

Deno.test("counting starts anew with every step", () => {
  const r = m.run(`
    cpu0 nested()
    cpu1 wake()
    schedule:
    cpu0 until lab_inner: READ_ONCE
    cpu0 until lab_inner: READ_ONCE
    cpu1 until end
  `);
  assertEquals(r.unreached, 0);
  const all = lines(r.trace, /./);
  assertEquals(all.slice(all.findIndex((l) => l.startsWith("cpu1")) - 1), [
    "cpu0 lab_helper: READ_ONCE word",
    "cpu1 do_wake: WRITE_ONCE word",
    "cpu0 lab_inner: READ_ONCE x",
    "cpu0 lab_inner: WRITE_ONCE y",
    "cpu0 lab_outer: xchg y",
    "cpu0 lab_outer: xchg x",
    "cpu0 lab_outer: xchg x",
  ]);
});

Deno.test("steps whose point is not reached are counted, and the first of them is named", () => {
  const r = m.run(`
    cpu0 inc()
    cpu1 inc()
    schedule:
    cpu0 until lab_inc: READ_ONCE
    cpu1 until lab_outer
    cpu0 until lab_irq
    cpu0 until end
  `);
  assertEquals([r.unreached, r.unreachedFirst], [2, 1]);
  assertEquals(r.title, null);
});

Deno.test("until end is never unreached, not even for a CPU without operations", () => {
  const r = m.run(`
    cpu0 inc()
    schedule:
    cpu1 until end
    cpu0 until end
    cpu1 until end
  `);
  assertEquals(r.unreached, 0);
});

Deno.test("a step of a CPU that blocks ends there, and counts if it named a point", () => {
  const r = m.run(`
    cpu0 mn()
    cpu1 mn()
    schedule:
    cpu0 until lab_mutex: READ_ONCE
    cpu1 until lab_mutex: READ_ONCE
    cpu0 until end
    cpu1 until end
  `);
  assertEquals([r.unreached, r.unreachedFirst, r.title], [1, 1, null]);
});

Deno.test("when the steps are used up the CPU goes on to its end, then the lowest-numbered one", () => {
  const r = m.run(`
    cpu0 inc()
    cpu1 inc()
    cpu2 inc()
    schedule:
    cpu1 until lab_inc: WRITE_ONCE
  `);
  assertEquals(r.returns, [1, 0, 2]);
  const blocked = m.run(`
    cpu0 inc()
    cpu1 wait()
    cpu2 wake()
    schedule:
    cpu1 until end
  `);
  assertEquals(lines(blocked.trace, /wait|_ONCE/).map((l) => l[3]).join(""), "1002");
});

Deno.test("interrupt delivers the next interrupt of the CPU before the point it stands at", () => {
  const r = m.run(`
    cpu0 inc()
    cpu0 hardirq touch()
    schedule:
    cpu0 until lab_inc: WRITE_ONCE
    cpu0 interrupt
    cpu0 until end
  `);
  assertEquals(lines(r.trace, /./), [
    "cpu0 lab_inc: READ_ONCE x",
    "cpu0 lab_inc: interrupt",
    "cpu0 [hardirq] lab_touch: atomic_add x",
    "cpu0 [hardirq] lab_touch: atomic_add y",
    "cpu0 lab_inc: WRITE_ONCE x",
  ]);
});

Deno.test("softirq runs the callbacks whose grace period is over, at the point named", () => {
  const r = m.run(`
    cpu0 defer(0)
    cpu0 done()
    cpu0 nested()
    cpu0 done()
    cpu1 reader()
    schedule:
    cpu1 until lab_reader: READ_ONCE y
    cpu0 until lab_inner
    cpu1 until end
    cpu0 softirq
    cpu0 until end
  `);
  assertEquals(r.unreached, 0);
  assertEquals([r.returns[1], r.returns[3]], [0, 1]);
  assertEquals(
    r.trace.filter((p) => p.stack.at(-1) === "lab_callback").map((p) => p.context),
    ["softirq"],
  );
});

Deno.test("writeSteps() refuses names that the kernel does not have, and says which it has", () => {
  assertThrows(() => stop("lab_inne"), Error, 'did you mean "lab_inner"?');
  assertThrows(() => stop("lab_inner: xchgg"), Error, 'did you mean "xchg"?');
  assertThrows(() => stop("lab_inner: xchg wrd"), Error, 'did you mean "word"?');
});

Deno.test("until after OPERATION leaves the CPU between two operations, and counts those that end", () => {
  const order = (step: string) => {
    const r = m.run(`
      cpu0 inc()
      cpu0 nested()
      cpu0 inc()
      cpu1 wake()
      schedule:
      cpu0 until ${step}
      cpu1 until end
      cpu0 until end
    `);
    return [lines(r.trace, /./).findIndex((l) => l.startsWith("cpu1")), r.unreached];
  };
  assertEquals(order("after inc"), [order("lab_outer")[0], 0]);
  assertEquals(order("after inc #2"), [order("end")[0], 0]);
  assertEquals(order("after inc #3"), [order("end")[0], 1]);
  assertEquals(order("after wake"), [order("end")[0], 1], "that is an operation of another CPU");
});
