/** How fibers pass the baton: on top of each other, off the stack, and back. */
import { assert, assertEquals } from "@std/assert";
import { makeMachine } from "../harness.ts";
import { comparison } from "../../properties/fibers.ts";

const m = await makeMachine({ cpus: 4 });
const compare = await comparison(m);
const { SNAPSHOTS_MAX } = await import("../../../src/machine/layout/sizes.ts");

function same(body: string, preempt: "none" | "full" | "rt" = "full"): void {
  assert(compare(m.parse(body, { preempt })), "fibers can run it");
}

Deno.test("CPUs that run in turn need no stack but one", () => {
  same("cpu0 inc()\ncpu1 inc()\ncpu2 inc()\nschedule: numeric\norder cpu2 cpu0 cpu1 cpu3");
});

Deno.test("a CPU that is preempted goes on when the other one has ended", () => {
  same("cpu0 inc()\ncpu1 inc()\nschedule: numeric\norder cpu0 cpu1 cpu2 cpu3\n+2 switch cpu1");
});

Deno.test("CPUs that preempt each other at every point are suspended and come back", () => {
  const switches = Array.from({ length: 30 }, (_, i) => `+1 switch cpu${(i + 1) % 3}`).join("\n");
  same(`
    cpu0 nested()
    cpu0 guarded()
    cpu1 nested()
    cpu1 guarded()
    cpu2 nested()
    schedule: numeric
    order cpu0 cpu1 cpu2 cpu3
    ${switches}
  `);
});

Deno.test("a CPU waits for a lock of one that lies under it", () => {
  for (const preempt of ["none", "full", "rt"] as const) {
    same(
      `
      cpu0 guarded()
      cpu1 guarded()
      cpu2 guarded()
      schedule: numeric
      order cpu0 cpu1 cpu2 cpu3
      +3 switch cpu1
    `,
      preempt,
    );
  }
});

Deno.test("a finding unwinds CPUs in the order of their numbers, wherever their frames are", () => {
  for (const order of ["cpu0 cpu1 cpu2", "cpu2 cpu1 cpu0", "cpu1 cpu0 cpu2"]) {
    const [first, second, third] = order.split(" ");
    same(`
      ${first} nested()
      ${second} nested()
      ${third} null_read()
      schedule: numeric
      order ${order} cpu3
      +3 switch ${second}
      +3 switch ${third}
    `);
  }
});

Deno.test("steps of a symbolic schedule suspend CPUs, too", () => {
  same(`
    cpu0 nested()
    cpu1 nested()
    schedule:
    cpu0 until lab_outer: xchg y
    cpu1 until lab_outer: xchg y
    cpu0 until lab_outer: xchg x
    cpu1 until end
    cpu0 until end
  `);
});

Deno.test("a deadlock of three CPUs is the same", () => {
  same(`
    cpu0 ab()
    cpu1 ba()
    cpu2 inc()
    schedule: numeric
    order cpu0 cpu1 cpu2 cpu3
    +2 switch cpu1
    +2 switch cpu2
  `);
});

Deno.test("an execution with more segments than there are snapshots is left to Workers", () => {
  const op = (cpu: number) => `cpu${cpu} busy()\n`.repeat(20);
  const switches = Array.from(
    { length: 2 * SNAPSHOTS_MAX + 4 },
    (_, i) => `+1 switch cpu${(i + 1) % 2}`,
  ).join("\n");
  const p = m.parse(
    `${op(0)}${op(1)}schedule: numeric\norder cpu0 cpu1 cpu2 cpu3\n${switches}`,
  );
  assertEquals(compare(p), false);
  same("cpu0 inc()\ncpu1 inc()\nschedule: numeric\norder cpu0 cpu1 cpu2 cpu3\n+2 switch cpu1");
});
