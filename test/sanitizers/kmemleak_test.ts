import { assertEquals, assertStringIncludes } from "@std/assert";
import { file, type MachineOptions, makeMachine, OBJCG } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { assertGolden } from "./golden.ts";
import { PLANTED, testCaught, testSilent } from "./plants.ts";

const m = await makeMachine({ cpus: 2, target: PLANTED, stepLimit: 300, stacks: true });
const V5_9: MachineOptions = { cpus: 1, kernel: "v5.9", target: OBJCG, stacks: true };
const planted = (name: string) => file(`test/sanitizers/planted/kmemleak/${name}.ts`);

testCaught(m, "leak_ring", "memory leak: gadget held by gadget.peer");
testCaught(m, "leak_behind", "memory leak: gadget held by bench.it");

testSilent(m, "kmemleak", "init_ok");

Deno.test("leak_ring() reports two objects that point to each other and that cannot be reached", () => {
  assertGolden("kmemleak/ring", m.run("cpu0 leak_ring()").report);
});

Deno.test("leak_behind() reports an object that points to another one", () => {
  assertGolden("kmemleak/behind", m.run("cpu0 leak_behind()").report);
});

Deno.test("kmemleak accepts the css_set of a task, and no other css_set", async () => {
  const body = `boot a = mkdir(root)\ncpu0 attach(cpu0, a)\ncpu0 attach(cpu0, root)`;
  await withMachine(V5_9, async (o) => assertEquals((await o.run(body)).title, null));
  await withMachine({ ...V5_9, patches: [planted("lose_css_set")] }, async (o) => {
    const r = await o.run(body);
    assertEquals(r.title, "memory leak: css_set that nobody points to");
    assertStringIncludes(r.report, "Allocated by CPU0:");
  });
});

Deno.test("kmemleak accepts the task that a CPU runs, and no other task", async () => {
  for (const body of ["cpu0 task_exit(cpu0)\ncpu0 task_reap(cpu0)", "cpu0 exit_signals(cpu0)"]) {
    await withMachine(V5_9, async (o) => assertEquals((await o.run(body)).title, null));
    await withMachine({ ...V5_9, patches: [planted("lose_task")] }, async (o) => {
      const { title } = await o.run(body);
      assertEquals(title, "memory leak: task_struct that nobody points to");
    });
  }
});

Deno.test("kmemleak names the object whose reference was lost, and no other sanitizer reports it", async () => {
  // page_counter would report a counter below zero.
  const options = { ...V5_9, patches: [planted("lose_put")], without: ["page_counter"] };
  const body = `
    boot a = mkdir(root)
    boot attach(cpu0, a)
    cpu0 x = kmalloc(64)
    cpu0 kfree(x)
    cpu0 drain_all_stock(a)
  `;
  await withMachine(options, async (o) => {
    const r = await o.run(body);
    assertEquals(r.title, "memory leak: obj_cgroup that nobody points to");
    assertStringIncludes(r.report, "obj_cgroup#0 was never freed");
    assertGolden("kmemleak/lose_put", r.report);
  });
  await withMachine({ ...options, without: ["kmemleak", "page_counter"] }, async (o) => {
    assertEquals((await o.run(body)).title, null);
  });
});
