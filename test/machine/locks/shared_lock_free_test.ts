import { assertEquals } from "@std/assert";
import { ROUNDS } from "../../../src/machine/layout/free.ts";
import { views } from "../../../src/machine/words/arena.ts";
import { file, makeMachine } from "../harness.ts";

const m = await makeMachine({
  cpus: 3,
  free: true,
  target: file("test/machine/targets/locks.ts"),
});
const { ctl } = views();
ctl[ROUNDS] = 100;

for (const [reader, writer] of [["reader", "writer"], ["sem_reader", "sem_writer"]]) {
  Deno.test(`free-running writers exclude each other and readers: ${writer}`, () => {
    for (let i = 0; i < 10; i++) {
      const r = m.run(`cpu0 ${writer}()\ncpu0 ${reader}()\ncpu1 ${writer}()\ncpu2 ${writer}()`);
      assertEquals([r.title, Math.max(...r.returns)], [null, 299]);
    }
  });
}

Deno.test("lockdep sees orders of free-running CPUs, in fields of structures too", () => {
  const title =
    "WARNING: possible circular locking dependency: lock_shelf->owner and lock_shelf->sem";
  ctl[ROUNDS] = 1;
  for (let i = 0; i < 20; i++) {
    assertEquals(m.run(`cpu0 owner_first()\ncpu1 sem_first()\ncpu2 reader()`).title, title);
    assertEquals(m.run(`cpu0 owner_first()\ncpu1 owner_first()\ncpu2 reader()`).title, null);
  }
});
