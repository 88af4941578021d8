/** Several work queues of a CPU, and several kworkers. */
import { assertEquals, assertMatch } from "@std/assert";
import { file, makeMachine } from "../harness.ts";
import type { Ran } from "../harness.ts";

const m = await makeMachine({ cpus: 2, target: file("test/machine/targets/queues.ts") });

const [SYSTEM, ONE, OTHER] = [0, 1, 2];
const [NOTE, OPEN, OPEN_TOO, WAIT, WAIT_TOO] = [0, 1, 2, 3, 4];

/** The items that ran, in the order in which they began. */
function ran(r: Ran): string[] {
  return r.trace.filter((p) => p.what === "WRITE_ONCE" && p.field === "ran").map((p) => p.object!);
}

/** CPU1 queues items on CPU0, which then runs them. */
function queued(...items: [queue: number, item: number][]): Ran {
  const ops = items.map(([q, i]) => `cpu1 queue(cpu0, ${q}, ${i})`);
  return m.run(`${ops.join("\n")}\ncpu0 idle()\nschedule:\ncpu1 until end\ncpu0 until end`);
}

Deno.test("what is above the limit of a queue waits for the item that runs, asleep or not", () => {
  const r = queued([ONE, WAIT], [ONE, OPEN]);
  assertEquals(r.title, "INFO: task hung in wait");
  assertEquals(ran(r), ["task#3"]);
});

Deno.test("while an item sleeps, another kworker runs the next item of another queue", () => {
  const r = queued([ONE, WAIT], [OTHER, OPEN]);
  assertEquals([r.title, ran(r)], [null, ["task#3", "task#1"]]);
});

Deno.test("or of the same queue, if that has no limit", () => {
  const r = queued([SYSTEM, WAIT], [SYSTEM, OPEN]);
  assertEquals([r.title, ran(r)], [null, ["task#3", "task#1"]]);
});

Deno.test("kworkers lie on top of each other as long as their items sleep", () => {
  const r = queued([ONE, WAIT], [OTHER, WAIT_TOO], [SYSTEM, OPEN], [SYSTEM, OPEN_TOO]);
  assertEquals([r.title, ran(r)], [null, ["task#3", "task#4", "task#1", "task#2"]]);
});

Deno.test("an item above the limit becomes active behind all others", () => {
  const r = queued([ONE, NOTE], [ONE, OPEN], [OTHER, OPEN_TOO]);
  assertEquals([r.title, ran(r)], [null, ["task#0", "task#2", "task#1"]]);
});

Deno.test("an item that runs is not run by a second kworker at the same time", () => {
  const r = m.run(`
    cpu1 queue(cpu0, ${SYSTEM}, ${WAIT})
    cpu1 queue(cpu0, ${SYSTEM}, ${WAIT})
    cpu1 queue(cpu0, ${SYSTEM}, ${OPEN})
    cpu0 idle()
    schedule:
    cpu1 until after queue
    cpu0 until end
    cpu1 until end
  `);
  assertEquals(r.title, null);
  assertEquals(ran(r), ["task#3", "task#1", "task#3"]);
});

Deno.test("kworkers that wait for nobody but each other are a deadlock", () => {
  const r = queued([ONE, WAIT], [OTHER, WAIT_TOO]);
  assertMatch(r.title!, /^INFO: task hung in wait/);
  assertEquals(ran(r), ["task#3", "task#4"]);
});

Deno.test("the limit is that of each CPU", () => {
  const r = m.run(`
    cpu0 queue(cpu0, ${ONE}, ${WAIT})
    cpu1 queue(cpu1, ${ONE}, ${OPEN})
  `);
  assertEquals(r.title, null);
  assertEquals(ran(r).length, 2);
});

Deno.test("before the schedule, an item may wait for one that is queued on another CPU", () => {
  const r = m.run(`
    boot queue(cpu1, ${OTHER}, ${OPEN})
    boot queue(cpu0, ${ONE}, ${WAIT})
  `);
  assertEquals([r.title, r.returns], [null, [1, 1]]);
});
