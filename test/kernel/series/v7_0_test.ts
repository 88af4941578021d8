/** What the patches of v7.0 change. */
import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v7.0",
  target: file("test/kernel/probe_target.ts"),
});

for (
  const [what, interrupt] of [["allocates", "y = kmalloc_remote(h, 6136)"], ["frees", "kfree(x)"]]
) {
  Deno.test(`statistics are right if an interrupt ${what} in the middle of the stock`, () => {
    const r = m.run(`
      boot a = mkdir(root)
      boot h = css_hold(a)
      boot o = obj_cgroup_get_remote(a)
      boot x = kmalloc_remote(h, 6136)
      cpu0 obj_cgroup_charge(o, 64)
      cpu0 hardirq ${interrupt}
      schedule:
      cpu0 until consume_obj_stock: READ_ONCE cached_objcg
      cpu0 interrupt
      cpu0 until end
    `);
    assertEquals([r.title, r.text], [null, ""]);
  });
}

Deno.test("another CPU is asked to drain inside of an RCU section", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot o = obj_cgroup_get_remote(a)
    cpu1 obj_cgroup_charge(o, 64)
    cpu0 drain_all_stock(a)
    schedule:
    cpu1 until end
    cpu0 until end
  `);
  assertEquals(r.title, null);
  const asked = r.trace.filter((p) => p.stack.includes("schedule_drain_work")).map((p) => p.what);
  const [lock, queue, unlock] = ["rcu_read_lock", "queue_work", "rcu_read_unlock"]
    .map((w) => asked.indexOf(w));
  assert(0 <= lock && lock < queue && queue < unlock, asked.join());
});

Deno.test("an isolated CPU is still marked and left alone: B15", () => {
  const r = m.run(`
    boot isolate_cpu(cpu1)
    boot a = mkdir(root)
    boot attach(cpu1, a)
    cpu1 x = kmalloc(64)
    cpu0 drain_all_stock(a)
    schedule:
    cpu1 until end
    cpu0 until end
  `);
  assertEquals(r.title, "stock is never drained again");
});
