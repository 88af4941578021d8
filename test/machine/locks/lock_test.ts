import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { lines, makeMachine } from "../harness.ts";

// Without lockdep: what the machine itself sees.
const m = await makeMachine({ cpus: 3, without: ["lockdep"] });

const CROSSED = `
  schedule:
  cpu0 until lab_FN: PRIM #2
  cpu1 until end
  cpu0 until end
`;

Deno.test("a CPU that meets a held lock waits until it is released", () => {
  const r = m.run(`
    cpu0 guarded()
    cpu1 guarded()
    schedule:
    cpu0 until lab_guarded: WRITE_ONCE
    cpu1 until end
    cpu0 until end
    cpu1 until end
  `);
  assertEquals(r.returns, [0, 1], "no lost update");
  assertEquals([r.title, r.unreached], [null, 0]);
  assertEquals(lines(r.trace, /(ONCE x|lock)/).map((l) => `${l[3]} ${l.split(": ")[1]}`), [
    "0 spin_lock lock",
    "0 READ_ONCE x",
    "1 spin_lock lock",
    "0 WRITE_ONCE x",
    "0 spin_unlock lock",
    "1 spin_lock lock",
    "1 READ_ONCE x",
    "1 WRITE_ONCE x",
    "1 spin_unlock lock",
  ]);
});

Deno.test("of several CPUs that wait for a lock each gets it once", () => {
  const r = m.run(`
    cpu0 guarded()
    cpu1 guarded()
    cpu2 guarded()
    schedule: numeric
    order cpu0 cpu1 cpu2
    +2 switch cpu1
    +1 switch cpu2
    +1 switch cpu0
  `);
  assertEquals([...r.returns].sort(), [0, 1, 2]);
});

for (
  const [fn, prim, first, second] of [
    ["lock", "spin_lock", "ab", "ba"],
    ["mutex", "mutex_lock", "mn", "nm"],
  ]
) {
  Deno.test(`two CPUs that each hold what the other waits for are reported: ${prim}`, () => {
    const schedule = CROSSED.replace("FN", fn).replace("PRIM", prim);
    const r = m.run(`cpu0 ${first}()\ncpu1 ${second}()\n${schedule}`);
    assertEquals(r.title, `INFO: task hung in lab_${fn}`);
    assertEquals(r.text.split("\n").map((l) => l.slice(0, 4)), ["CPU0", "CPU1"]);
    assertEquals(m.run(`cpu0 ${first}()\ncpu1 ${second}()`).title, null, "one after the other");
  });
}

Deno.test("a CPU that takes a lock it holds hangs by itself", () => {
  const r = m.run(`cpu0 aa()`);
  assertEquals(r.title, "INFO: task hung in lab_lock");
  assertStringIncludes(r.text, "CPU0");
});

Deno.test("a handler that needs the lock of the task it interrupts hangs", () => {
  const r = m.run(`
    cpu0 ab()
    cpu0 hardirq guarded()
    schedule:
    cpu0 until lab_lock: READ_ONCE
    cpu0 interrupt
    cpu0 until end
  `);
  assertEquals(r.title, "INFO: task hung in lab_guarded");
});

Deno.test("a wait that nobody ends during boot is reported there", () => {
  const r = m.run(`boot wait()\ncpu0 inc()`);
  assertEquals(r.title, "INFO: task hung in lab_wait");
});

Deno.test("after a deadlock the next execution is in order", () => {
  assertEquals(m.run(`cpu0 aa()\ncpu1 inc()`).title, "INFO: task hung in lab_lock");
  const r = m.run(`cpu0 ab()\ncpu1 ba()\ncpu2 guarded()`);
  assertEquals([r.title, r.returns[2]], [null, 0]);
});

Deno.test("block() on a word lets others run until one of them sets it", () => {
  const r = m.run(`
    cpu0 wait()
    cpu0 read()
    cpu1 inc()
    cpu1 wake()
  `);
  assertEquals([r.title, r.returns[1]], [null, 1]);
});

Deno.test("an oops on one CPU unwinds the others, wherever they stand", () => {
  const r = m.run(`
    cpu0 guarded()
    cpu1 guarded()
    cpu2 null_read()
    schedule:
    cpu0 until lab_guarded: WRITE_ONCE
    cpu1 until end
    cpu2 until end
  `);
  assertEquals(r.title, "KASAN: null-ptr-deref in lab_null_read");
  assertEquals(r.cpu, 2);
  assert(!r.trace.some((p) => p.cpu === 0 && p.what === "WRITE_ONCE" && p.value === "1"));
  assertEquals(m.run(`cpu1 guarded()`).returns, [0], "the lock is free again");
});
