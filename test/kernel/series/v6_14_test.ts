/** What the patch of v6.14 changes: stocks of objects of dead CPUs are drained. */
import { assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v6.14",
  target: file("test/kernel/probe_target.ts"),
});

Deno.test("the objcg of a CPU that goes down is put, and its pages go to the CPU that drains it", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot o = obj_cgroup_get_remote(a)
    cpu1 obj_cgroup_charge(o, 8200)
    cpu1 obj_cgroup_uncharge(o, 8200)
    cpu1 obj_cgroup_charge(o, 4000)
    cpu0 cpu_down(cpu1)
    cpu0 stock_bytes(cpu1)
    cpu0 parked(o)
    schedule:
    cpu1 until end
    cpu0 until end
  `);
  assertEquals([r.title, r.text], [null, ""]);
  // Of the bytes of one page, 4000 are charged.
  assertEquals(r.returns.slice(-2), [0, 96]);
});

for (const preempt of ["none", "full", "rt"] as const) {
  Deno.test(`nothing is left of a cgroup whose objcg was in a dead CPU's stock, ${preempt}`, () => {
    const r = m.run(
      `
      boot a = mkdir(root)
      boot attach(cpu1, a)
      cpu1 x = kmalloc(64)
      cpu0 cpu_down(cpu1)
      cpu0 kfree(x)
      cpu0 attach(cpu1, root)
      cpu0 rmdir(a)
      schedule:
      cpu1 until end
      cpu0 until end
    `,
      { preempt },
    );
    assertEquals([r.title, r.text], [null, ""]);
  });
}
