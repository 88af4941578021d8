import { assertEquals, assertStringIncludes } from "@std/assert";
import { file, lines, makeMachine } from "../harness.ts";

const m = await makeMachine({
  cpus: 3,
  target: file("test/machine/targets/locks.ts"),
  without: ["lockdep"],
});

for (
  const [reader, writer, lock] of [
    ["reader", "writer", "read_lock"],
    ["sem_reader", "sem_writer", "down_read"],
  ]
) {
  Deno.test(`readers are inside together: ${lock}`, () => {
    const r = m.run(`
      cpu0 ${reader}()
      cpu1 ${reader}()
      cpu2 most()
      schedule:
      cpu0 until lock_${reader}: READ_ONCE x
      cpu1 until end
      cpu0 until end
      cpu2 until end
    `);
    assertEquals([r.title, r.returns], [null, [1, 2, 2]]);
  });

  Deno.test(`a writer waits for all readers, and readers for the writer: ${lock}`, () => {
    const r = m.run(`
      cpu0 ${reader}()
      cpu1 ${writer}()
      cpu2 ${writer}()
      schedule:
      cpu0 until lock_${reader}: READ_ONCE x
      cpu1 until end
      cpu2 until end
      cpu0 until end
      cpu1 until end
      cpu2 until end
    `);
    assertEquals(r.title, null);
    assertEquals([...r.returns].slice(1).sort(), [0, 1], "no lost update");
    const order = lines(r.trace, /(WRITE_ONCE x|unlock rw|up_read)/);
    assertEquals(order[0].slice(0, 4), "cpu0", "the reader leaves before anybody writes");
  });

  Deno.test(`writers and readers exclude each other under many schedules: ${lock}`, () => {
    for (let gap = 1; gap < 20; gap++) {
      const r = m.run(`
        cpu0 ${writer}()
        cpu0 ${reader}()
        cpu1 ${writer}()
        cpu2 ${reader}()
        cpu2 ${writer}()
        schedule: numeric
        order cpu0 cpu1 cpu2
        +${gap} switch cpu1
        +${gap} switch cpu2
        +${gap} switch cpu0
        +${gap} switch cpu2
      `);
      assertEquals(r.title, null);
      assertEquals([r.returns[0], r.returns[2], r.returns[4]].sort(), [0, 1, 2]);
    }
  });
}

Deno.test("a reader in a task queues behind a writer that waits: reading twice deadlocks", () => {
  const r = m.run(`
    cpu0 reader_twice()
    cpu1 writer()
    schedule:
    cpu0 until lock_reader: read_lock
    cpu1 until end
    cpu0 until end
  `);
  assertEquals(r.title, "INFO: task hung in lock_reader");
  assertStringIncludes(r.text, "CPU0 waits for lock_shelf->rw, held by 1 reader");
  assertStringIncludes(r.text, "CPU1 waits for lock_shelf->rw, held by 1 reader");
  assertEquals(m.run(`cpu0 writer()\ncpu1 reader()`).title, null, "and is undone by the next run");
});

Deno.test("a reader in an interrupt does not queue", () => {
  const r = m.run(`
    cpu0 reader()
    cpu0 hardirq reader()
    cpu1 writer()
    schedule:
    cpu0 until lock_reader: READ_ONCE x
    cpu1 until end
    cpu0 interrupt
    cpu0 until end
    cpu1 until end
  `);
  assertEquals([r.title, r.returns], [null, [1, 2, 0]]);
});

Deno.test("trylocks of shared locks fail where the lock would wait", () => {
  const held = (op: string, at: string, tried: string) =>
    m.run(`
      cpu0 ${op}()
      cpu1 ${tried}()
      schedule:
      cpu0 until ${at}
      cpu1 until end
      cpu0 until end
    `).returns[1];
  assertEquals(held("reader", "lock_reader: READ_ONCE x", "rw_try"), -2, "readers inside");
  assertEquals(held("writer", "lock_writer: WRITE_ONCE x", "rw_try"), -1, "a writer inside");
  assertEquals(held("sem_writer", "lock_sem_writer: WRITE_ONCE x", "sem_try"), -1);
  assertEquals(m.run(`cpu0 rw_try()\ncpu1 sem_try()`).returns, [0, 1], "free");
});

Deno.test("softirqs wait until bottom halves are on again, however they come", () => {
  const asked = m.run(`
    cpu0 bh()
    cpu0 softirq inc()
    cpu0 x()
    schedule:
    cpu0 until lock_bh: READ_ONCE most
    cpu0 interrupt
    cpu0 until end
  `);
  const order = lines(asked.trace, /(WRITE_ONCE x|READ_ONCE most|local_bh_enable)/);
  assertEquals(order.map((l) => l.replace(/^cpu0 /, "").split(": ")[1]), [
    "WRITE_ONCE x",
    "READ_ONCE most",
    "local_bh_enable",
    "WRITE_ONCE x",
  ]);
  assertEquals([asked.title, asked.returns], [null, [0, 1, 2]]);
  const callback = m.run(`
    cpu0 defer()
    cpu0 bh()
    schedule:
    cpu0 until lock_bh: READ_ONCE most
    cpu0 softirq
    cpu0 until end
  `);
  assertEquals(callback.title, null);
});

Deno.test("hardirqs do not care about bottom halves", () => {
  const r = m.run(`
    cpu0 bh()
    cpu0 hardirq inc()
    schedule:
    cpu0 until lock_bh: READ_ONCE most
    cpu0 interrupt
    cpu0 until end
  `);
  const order = lines(r.trace, /(hardirq.*WRITE_ONCE x|local_bh_enable)/);
  assertStringIncludes(order[0], "[hardirq]");
});
