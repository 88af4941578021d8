import { assertEquals } from "@std/assert";
import { ROUNDS } from "../../../src/machine/layout/free.ts";
import { views } from "../../../src/machine/words/arena.ts";
import { makeMachine } from "../harness.ts";

const m = await makeMachine({ cpus: 3, free: true });
const { ctl } = views();
ctl[ROUNDS] = 50;

Deno.test("free-running CPUs exclude each other by locks", () => {
  for (let i = 0; i < 20; i++) {
    const r = m.run(`cpu0 guarded()\ncpu1 guarded()\ncpu2 guarded()`);
    assertEquals([r.title, Math.max(...r.returns)], [null, 149]);
  }
});

Deno.test("free-running CPUs lose no atomic update", () => {
  for (let i = 0; i < 20; i++) {
    const r = m.run(`cpu0 add(1)\ncpu1 add(2)\ncpu2 add(3)`);
    assertEquals([r.title, Math.max(...r.returns)], [null, 300]);
  }
});

Deno.test("a finding on one free-running CPU ends the execution on all of them", () => {
  const r = m.run(`cpu0 guarded()\ncpu1 null_read()\ncpu2 guarded()`);
  assertEquals(r.title, "KASAN: null-ptr-deref in lab_null_read");
  assertEquals(m.run(`cpu0 guarded()\ncpu1 guarded()`).title, null);
});

Deno.test("handlers run on free-running CPUs as well", () => {
  ctl[ROUNDS] = 2000;
  const r = m.run(`cpu0 busy()\ncpu0 hardirq guarded()\ncpu1 guarded()`);
  assertEquals(r.title, null);
  assertEquals(r.returns[1] > 0, true);
  ctl[ROUNDS] = 50;
});

Deno.test("grace periods end between free-running CPUs", () => {
  const r = m.run(`cpu0 sync()\ncpu1 reader()\ncpu2 reader()`);
  assertEquals(r.title, null);
});
