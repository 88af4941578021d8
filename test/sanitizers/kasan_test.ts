import { assertEquals } from "@std/assert";
import { makeMachine } from "../machine/harness.ts";
import { assertGolden } from "./golden.ts";
import { PLANTED, testCaught, testSilent } from "./plants.ts";

const m = await makeMachine({ cpus: 2, target: PLANTED, stepLimit: 300, stacks: true });

/** Operations and their titles. */
const PLANTS: Record<string, string> = {
  mem_left: "KASAN: slab-out-of-bounds Write in do_mem_left",
  mem_right_in_slot: "KASAN: slab-out-of-bounds Write in do_mem_right_in_slot",
  mem_range: "KASAN: slab-out-of-bounds Read in do_mem_range",
  mem_far: "KASAN: global-out-of-bounds Read in do_mem_far",
  mem_wild: "KASAN: wild-memory-access Read in do_mem_wild",
  mem_free_middle: "KASAN: invalid-free in do_mem_free_middle",
};
for (const [op, title] of Object.entries(PLANTS)) testCaught(m, op, title);

testSilent(m, "kasan", "mem_inside");

Deno.test("mem_range() reports the whole range and the end of the object", () => {
  assertGolden("kasan/range", m.run("cpu0 mem_range()").report);
});

Deno.test("kasan lets a reader use an object until its grace period ends, and then names who queued the free", () => {
  for (const preempt of ["none", "full", "rt"] as const) {
    const inside = m.run(`cpu0 mem_rcu_reader()\ncpu0 mem_forget()`, { preempt });
    assertEquals([inside.title, inside.text], [null, ""]);
  }
  const late = m.run(`cpu0 mem_rcu_reader()\ncpu1 mem_rcu_late()`);
  assertEquals(late.title, "KASAN: slab-use-after-free Read in do_mem_rcu_late");
  assertGolden("kasan/rcu_late", late.report);
});
