import { assertEquals } from "@std/assert";
import { lines, makeMachine } from "../harness.ts";

const m = await makeMachine({ cpus: 3 });

Deno.test("a work item runs on the CPU it was queued for, after the operation", () => {
  const r = m.run(`cpu0 queue(cpu0, 3)\ncpu0 worked()`);
  assertEquals(r.returns, [1, 13]);
  const remote = m.run(`
    cpu0 queue(cpu2, 4)
    cpu1 worked()
    cpu2 inc()
    schedule:
    cpu0 until end
    cpu2 until end
  `);
  assertEquals(remote.returns, [1, 34, 0]);
  assertEquals(remote.trace.filter((p) => p.stack.includes("lab_work")).map((p) => p.cpu), [2]);
});

Deno.test("a work item does not interrupt an operation unless the schedule says so", () => {
  const r = m.run(`
    cpu0 nested()
    cpu1 queue(cpu0, 1)
    schedule:
    cpu0 until lab_inner
    cpu1 until end
    cpu0 until end
  `);
  assertEquals(lines(r.trace, /work: xchg|outer: xchg x/), [
    "cpu0 lab_outer: xchg x",
    "cpu0 lab_outer: xchg x",
    "cpu0 lab_work: xchg worked",
  ]);
});

Deno.test("an item that is queued already is not queued twice", () => {
  const r = m.run(`
    boot queue(cpu1, 2)
    cpu0 queue(cpu1, 2)
    cpu0 queue(cpu1, 5)
    cpu1 inc()
    schedule:
    cpu0 until end
    cpu1 until end
  `);
  assertEquals(r.returns, [1, 0, 1, 0]);
  assertEquals(r.trace.filter((p) => p.stack.includes("lab_work")).length, 2);
});

Deno.test("items of one CPU run in the order of queueing", () => {
  const r = m.run(`
    cpu0 queue(cpu1, 2)
    cpu0 queue(cpu1, 6)
    cpu0 queue(cpu1, 1)
    cpu1 inc()
    schedule:
    cpu0 until end
    cpu1 until end
  `);
  const worked = r.trace.filter((p) => p.stack.at(-1) === "lab_work").map((p) => p.value);
  assertEquals(worked, ["22", "26", "21"]);
});

Deno.test("a CPU that is done wakes for its work items", () => {
  const r = m.run(`
    cpu0 queue(cpu2, 0)
    cpu2 inc()
    schedule:
    cpu2 until end
    cpu0 until end
  `);
  assertEquals(lines(r.trace, /./).at(-1), "cpu2 lab_work: xchg worked");
});

Deno.test("a CPU without operations runs the work items that others queue for it", () => {
  const r = m.run(`cpu0 queue(cpu2, 0)`);
  assertEquals([r.title, r.switches], [null, 2]);
  assertEquals(lines(r.trace, /lab_work/), ["cpu2 lab_work: xchg worked"]);
});

Deno.test("a kworker without kernel preemption is no quiescent state, and has its own context", () => {
  const r = m.run(`cpu0 queue(cpu1, 0)\ncpu1 inc()`, { preempt: "none" });
  const worker = r.trace.filter((p) => p.stack.includes("lab_work"));
  assertEquals(worker.map((p) => [p.op, p.context]), [[-1, "task"]]);
});
