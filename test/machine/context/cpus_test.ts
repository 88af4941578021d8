import { assertEquals } from "@std/assert";
import { makeMachine } from "../harness.ts";

const CPUS = 32;
const m = await makeMachine({ cpus: CPUS });
const all = Array.from({ length: CPUS }, (_, c) => c);

Deno.test("a program with 32 CPUs runs on all of them", () => {
  const r = m.run(all.map((c) => `cpu${c} inc()`).join("\n"));
  assertEquals(r.returns, all);
  assertEquals(r.switches, CPUS);
});

Deno.test("32 CPUs can all stand between the load and the store of the same word", () => {
  const stops = all.map((c) => `cpu${c} until lab_inc: WRITE_ONCE`).join("\n");
  const r = m.run(`${all.map((c) => `cpu${c} inc()`).join("\n")}\nschedule:\n${stops}`);
  assertEquals([r.unreached, r.title], [0, null]);
  assertEquals(r.returns, all.map(() => 0));
  assertEquals(m.run(m.recorded(m.parse(all.map((c) => `cpu${c} inc()`).join("\n")))).hash, r.hash);
});

Deno.test("a callback waits for readers on the highest CPU", () => {
  const r = m.run(`
    cpu31 reader()
    cpu30 defer(0)
    cpu30 done()
    schedule:
    cpu31 until lab_reader: READ_ONCE
    cpu30 until end
    cpu31 until end
  `);
  assertEquals([r.unreached, r.returns[2]], [0, 0]);
});

Deno.test("programs of fewer CPUs run on the same machine", () => {
  for (const cpus of [1, 2, 3, 17, 31]) {
    const r = m.run(`cpu${cpus - 1} inc()\ncpu0 inc()`, { cpus });
    assertEquals([r.title, [...r.returns].sort()], [null, [0, 1]]);
  }
});

Deno.test("one CPU after the other can be started and waited for", () => {
  const others = all.slice(1);
  const r = m.run(
    [
      ...others.map((c) => `cpu0 start(cpu${c})`),
      ...others.map((c) => `cpu0 join(cpu${c})`),
      "cpu0 read()",
      ...others.map((c) => `cpu${c} guarded()`),
    ].slice(0, 64).join("\n"),
  );
  assertEquals(r.title, null);
});

Deno.test("a CPU that is never started does not run, and is no deadlock", () => {
  const r = m.run(`
    cpu0 start(cpu1)
    cpu0 join(cpu1)
    cpu0 read()
    cpu1 inc()
    cpu2 inc()
    cpu1 start(cpu3)
    cpu3 inc()
  `);
  assertEquals(r.title, null);
  assertEquals(r.returns[2] > 0, true);
});
