import { assertEquals, assertStringIncludes } from "@std/assert";
import { file, makeMachine, OBJCG } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { assertGolden } from "./golden.ts";

const PLANTED = file("test/sanitizers/planted/target.ts");
const m = await makeMachine({ cpus: 2, target: PLANTED, stepLimit: 300, stacks: true });

/** Programs of one line each, and what they are reported as. */
const PLANTS: Record<string, string> = {
  mem_left: "KASAN: slab-out-of-bounds Write in do_mem_left",
  mem_right_in_slot: "KASAN: slab-out-of-bounds Write in do_mem_right_in_slot",
  mem_range: "KASAN: slab-out-of-bounds Read in do_mem_range",
  mem_far: "KASAN: global-out-of-bounds Read in do_mem_far",
  mem_wild: "KASAN: wild-memory-access Read in do_mem_wild",
  mem_free_middle: "KASAN: invalid-free in do_mem_free_middle",
  uninit_copied: "KMSAN: uninit-value in do_uninit_copied",
  uninit_computed: "KMSAN: uninit-value in do_uninit_computed",
  uninit_pointer: "KMSAN: uninit-value in do_uninit_pointer",
  uninit_pointer_copied: "KMSAN: uninit-value in do_uninit_pointer_copied",
  uninit_function: "KMSAN: uninit-value in do_uninit_function",
  uninit_argument: "KMSAN: uninit-value in do_uninit_argument",
  uninit_return: "KMSAN: uninit-value in gadget_x",
  uninit_branch: "KMSAN: uninit-value in do_uninit_branch",
  uninit_operand: "KMSAN: uninit-value in do_uninit_operand",
  uninit_index: "KMSAN: uninit-value in do_uninit_index",
  uninit_warn: "KMSAN: uninit-value in do_uninit_warn",
  leak_ring: "memory leak: gadget held by gadget.peer",
  leak_behind: "memory leak: gadget held by bench.it",
};
for (const [op, title] of Object.entries(PLANTS)) {
  Deno.test(`${op}() is caught, under any preemption model`, () => {
    for (const preempt of ["none", "full", "rt"] as const) {
      assertEquals(m.run(`cpu0 ${op}()`, { preempt }).title, title);
      assertEquals(m.run(`cpu0 ${op}()`, { preempt, trace: false }).title, title);
    }
  });
}

/** What is written down as text, and why it is worth that. */
const GOLDEN: Record<string, string> = {
  mem_range: "the whole range, and where the object ends",
  uninit_copied: "the stores that a value went through",
  uninit_pointer_copied: "the same for a pointer",
  leak_ring: "two that hold each other and nobody can reach",
  leak_behind: "one that holds another",
};
for (const [op, why] of Object.entries(GOLDEN)) {
  Deno.test(`${op}() reports ${why}`, () => {
    assertGolden(op, m.run(`cpu0 ${op}()`).report);
  });
}

Deno.test("kasan lets a reader use what waits for it, and names who queued the free afterwards", () => {
  for (const preempt of ["none", "full", "rt"] as const) {
    const inside = m.run(`cpu0 mem_rcu_reader()\ncpu0 mem_forget()`, { preempt });
    assertEquals([inside.title, inside.text], [null, ""]);
  }
  const late = m.run(`cpu0 mem_rcu_reader()\ncpu1 mem_rcu_late()`);
  assertEquals(late.title, "KASAN: slab-use-after-free Read in do_mem_rcu_late");
  assertGolden("mem_rcu_late", late.report);
});

Deno.test("kmsan follows a value from CPU to CPU through memory", () => {
  const r = m.run(`cpu0 uninit_local()\ncpu1 uninit_local_used()`);
  assertEquals(r.title, "KMSAN: uninit-value in do_uninit_local_used");
  assertGolden("uninit_local_used", r.report);
  assertEquals(m.run(`cpu0 uninit_local()\ncpu0 uninit_local_clear()`).title, null);
});

Deno.test("without kmsan a pointer that was never written is a general protection fault", async () => {
  await withMachine({ cpus: 1, target: PLANTED, without: ["kmsan"] }, async (o) => {
    const title = async (op: string) => (await o.run(`cpu0 ${op}()`)).title;
    assertEquals(await title("uninit_pointer"), "general protection fault in do_uninit_pointer");
    assertEquals(await title("uninit_function"), "general protection fault in do_uninit_function");
    assertEquals(await title("uninit_copied"), null);
    assertEquals(await title("uninit_branch"), null);
  });
});

for (const body of ["init_ok", "uninit_copy", "mem_inside"]) {
  Deno.test(`kasan, kmsan and kmemleak are silent about ${body}(), under any preemption model`, () => {
    for (const preempt of ["none", "full", "rt"] as const) {
      for (let gap = 1; gap < 25; gap += 2) {
        const r = m.run(
          `cpu0 ${body}()\ncpu1 ${body}()\nschedule: numeric\norder cpu0 cpu1\n` +
            `+${gap} switch cpu1\n+${gap} switch cpu0`,
          { preempt },
        );
        assertEquals([r.title, r.text], [null, ""]);
      }
    }
  });
}

Deno.test("kmemleak keeps a task's own css_set, and no other", async () => {
  const options = { cpus: 1, kernel: "v5.9", target: OBJCG, stacks: true };
  const body = `boot a = mkdir(root)\ncpu0 attach(cpu0, a)\ncpu0 attach(cpu0, root)`;
  await withMachine(options, async (o) => assertEquals((await o.run(body)).title, null));
  const patches = [file("test/sanitizers/planted/lose_css_set.ts")];
  await withMachine({ ...options, patches }, async (o) => {
    const r = await o.run(body);
    assertEquals(r.title, "memory leak: css_set that nobody points to");
    assertStringIncludes(r.report, "Allocated by CPU0:");
  });
});
