/** What the patches of v5.18 change. */
import { assert, assertEquals } from "@std/assert";
import { entered, file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v5.18",
  target: file("test/kernel/probe_target.ts"),
});
const { hasField, typeNamed } = await import("../../../src/machine/memory/peek.ts");

Deno.test("a CPU has one stock of objects again", () => {
  const stock = typeNamed("memcg_stock_pcp")!;
  assertEquals(["cached_objcg", "task_obj"].map((f) => hasField(stock, f)), [true, false]);
});

Deno.test("an objcg is put after the lock of the stock was released", () => {
  const r = m.run(
    `
    boot a = mkdir(root)
    boot o = obj_cgroup_get_remote(a)
    cpu0 obj_cgroup_charge(o, 64)
    cpu0 drain_all_stock(a)
  `,
    { preempt: "rt" },
  );
  assertEquals(r.title, null);
  const drained = r.trace.filter((p) => p.stack.includes("drain_local_stock"));
  const unlock = drained.findIndex((p) => p.what.includes("unlock"));
  const put = drained.findIndex((p) => p.stack.includes("obj_cgroup_put"));
  assert(0 <= unlock && unlock < put, drained.map((p) => p.what).join());
});

Deno.test("kernel memory is online before the css is, and offline after it", () => {
  const r = m.run(`cpu0 a = mkdir(root)\ncpu0 rmdir(a)`);
  const order = ["mem_cgroup_css_online", "memcg_online_kmem", "mem_cgroup_css_offline"]
    .concat("memcg_offline_kmem");
  assertEquals(entered(r.trace, order), order);
  assert(
    r.trace.some((p) =>
      p.stack.includes("memcg_online_kmem") && p.stack.includes("mem_cgroup_css_online")
    ),
  );
});

for (const preempt of ["none", "full", "rt"] as const) {
  Deno.test(`charges and uncharges add up with preemption ${preempt}`, () => {
    const r = m.run(
      `
      boot a = mkdir(root)
      boot attach(cpu0, a)
      boot o = obj_cgroup_get_remote(a)
      cpu0 x = kmalloc(64)
      cpu0 obj_cgroup_charge(o, 65536)
      cpu0 obj_cgroup_uncharge(o, 65536)
      cpu0 kfree(x)
      cpu0 drain_all_stock(root)
      cpu0 usage(a)
    `,
      { preempt },
    );
    assertEquals([r.title, r.text, r.returns.at(-1)], [null, "", 0]);
  });
}
