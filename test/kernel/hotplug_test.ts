import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../machine/harness.ts";

const m = await makeMachine({
  cpus: 3,
  kernel: "v5.9",
  target: file("test/kernel/probe_target.ts"),
});
const SETUP = `boot a = mkdir(root)\nboot attach(cpu1, a)`;

Deno.test("a CPU that goes down drains its page stock", () => {
  const r = m.run(`
    ${SETUP}
    cpu1 p = alloc_pages(0)
    cpu0 stock_pages(cpu1)
    cpu0 cpu_down(cpu1)
    cpu0 stock_pages(cpu1)
    cpu0 usage(a)
    cpu0 cpu_up(cpu1)
    schedule:
    cpu1 until end
    cpu0 until end
  `);
  assertEquals([r.title, ...r.returns.slice(3)], [null, 31, 0, 0, 1, 0]);
});

Deno.test("a CPU that goes down keeps its obj stock: S10, present in v5.9", () => {
  const r = m.run(`
    ${SETUP}
    cpu1 x = kmalloc(64)
    cpu0 cpu_down(cpu1)
    schedule:
    cpu1 until end
    cpu0 until end
  `);
  assertEquals(r.title, "memory leak: obj_cgroup held by memcg_stock_pcp.cached_objcg");
});

Deno.test("the task of a CPU that is down waits until it is up again", () => {
  const r = m.run(`
    cpu0 cpu_down(cpu1)
    cpu0 attach(cpu0, root)
    cpu0 cpu_up(cpu1)
    cpu1 attach(cpu1, root)
    schedule:
    cpu0 until end
  `);
  assertEquals([r.title, ...r.returns], [null, 0, 0, 0, 0]);
  assertEquals(r.trace.at(-1)?.cpu, 1);
});

Deno.test("a task whose CPU stays down does not run, and this is no hang", () => {
  const r = m.run(`cpu0 cpu_down(cpu1)\ncpu1 m = mkdir(root)\nschedule:\ncpu0 until end`);
  assertEquals([r.title, r.returns[0]], [null, 0]);
  assert(r.trace.every((p) => p.cpu === 0));
});

Deno.test("cpu_down() waits until the other CPU is between operations", () => {
  const r = m.run(`
    cpu0 cpu_down(cpu1)
    cpu1 m = mkdir(root)
    cpu1 rmdir(m)
    schedule:
    cpu1 until css_create
    cpu0 until end
    cpu1 until end
  `);
  assertEquals([r.title, r.returns[0]], [null, 0]);
  assert(r.trace.some((p) => p.cpu === 1 && p.stack.includes("mem_cgroup_css_online")));
});

Deno.test("cpu_down() and cpu_up() refuse a CPU in the wrong state", () => {
  const r = m.run(`
    cpu0 cpu_down(cpu0)
    cpu0 cpu_up(cpu1)
    cpu0 cpu_down(cpu1)
    cpu0 cpu_down(cpu1)
    cpu0 cpu_up(cpu1)
    cpu0 cpu_up(cpu1)
  `);
  assertEquals([r.title, ...r.returns], [null, -9999, -22, 0, -22, 0, -22]);
});

Deno.test("a second hotplug operation at the same time returns -EBUSY", () => {
  const r = m.run(`
    cpu0 cpu_down(cpu2)
    cpu1 cpu_down(cpu2)
    schedule:
    cpu0 until cpu_down: mutex_unlock
    cpu1 until end
    cpu0 until end
  `);
  assertEquals([r.title, ...r.returns], [null, 0, -16]);
});

Deno.test("two CPUs that take each other down do not hang", () => {
  for (let gap = 1; gap < 6; gap++) {
    const r = m.run(`
      cpu0 cpu_down(cpu1)
      cpu1 cpu_down(cpu0)
      schedule: numeric
      order cpu0 cpu1 cpu2
      +${gap} switch cpu1
    `);
    assertEquals(r.title, null);
    assert(r.returns.includes(0));
  }
});

Deno.test("callbacks and work items of a CPU that goes down run on the CPU that takes it down", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot o = obj_cgroup_get_remote(a)
    cpu2 synchronize_rcu()
    cpu2 obj_cgroup_put(o)
    cpu1 rmdir(a)
    cpu0 cpu_down(cpu1)
    schedule:
    cpu2 until synchronize_rcu
    cpu1 until end
    cpu0 until end
  `);
  assertEquals(r.title, null);
  assert(r.trace.some((p) => p.stack.includes("mem_cgroup_css_free")));
});
