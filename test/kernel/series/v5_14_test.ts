/** What the patches of v5.14 change. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v5.14",
  target: file("test/kernel/probe_target.ts"),
});
const SETUP = `boot a = mkdir(root)\nboot attach(cpu0, a)\nboot o = obj_cgroup_get_remote(a)`;

Deno.test("what tasks charge and what handlers charge goes to a stock each", () => {
  const r = m.run(`
    ${SETUP}
    cpu0 obj_cgroup_charge(o, 64)
    cpu0 hardirq obj_cgroup_charge(o, 128)
  `);
  assertEquals(r.title, null);
  const filled = (path: string) =>
    r.trace.filter((p) => p.field === `${path}.nr_bytes` && p.stack.includes("refill_obj_stock"))
      .map((p) => p.context);
  assertEquals(new Set(filled("task_obj")), new Set(["task"]));
  assertEquals(new Set(filled("irq_obj")), new Set(["hardirq"]));
});

Deno.test("a task's stock is used with preemption off, and interrupts on", () => {
  const r = m.run(`${SETUP}\ncpu0 obj_cgroup_charge(o, 64)\ncpu0 obj_cgroup_charge(o, 64)`);
  const second = r.trace.filter((p) => p.op === 4).map((p) => p.what);
  assert(second.includes("preempt_disable") && !second.includes("local_irq_save"), second.join());
});

Deno.test("what an objcg of the root charges, it uncharges", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot o = obj_cgroup_get_remote(a)
    cpu0 rmdir(a)
    cpu0 obj_cgroup_charge(o, 64)
    cpu0 usage(root)
    cpu0 obj_cgroup_uncharge(o, 64)
    cpu0 drain_all_stock(root)
    cpu0 obj_cgroup_put(o)
    cpu0 usage(root)
  `);
  assertEquals([r.title, r.returns[4], r.returns[8]], [null, 32, 0]);
});

Deno.test("an objcg holds no reference to its cgroup", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot b = mkdir(a)
    boot o = obj_cgroup_get_remote(b)
    cpu0 rmdir(b)
  `);
  assertEquals(r.title, null);
  const moved = r.trace.filter((p) => p.stack.includes("memcg_reparent_objcgs"));
  assertGreater(moved.length, 0);
  assertEquals(moved.filter((p) => /^css_(get|put)$/.test(p.stack.at(-1)!)), []);
});

Deno.test("statistics of slab objects wait in the stock, and go out when it is drained", () => {
  const r = m.run(`
    ${SETUP}
    cpu0 x = kmalloc(64)
    cpu0 drain_all_stock(a)
    cpu0 kfree(x)
  `);
  assertEquals([r.title, r.text], [null, ""]);
  const changed = r.trace.filter((p) => p.field?.startsWith("lruvec_stats"));
  assertGreater(changed.length, 0);
  assert(changed.every((p) => p.stack.includes("drain_obj_stock")));
});

Deno.test("what is left in the stock may be more than a page", () => {
  const r = m.run(`${SETUP}\ncpu0 obj_cgroup_charge(o, 64)\ncpu0 obj_cgroup_charge(o, 65536)`);
  assertEquals([r.title, r.text], [null, ""]);
});
