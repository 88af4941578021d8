import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v5.9",
  target: file("test/kernel/probe_target.ts"),
});
const SETUP = `
  boot a = mkdir(root)
  boot attach(cpu1, a)
`;
/** The return values of the operations after the setup. Nothing may be found. */
function results(body: string): number[] {
  const r = m.run(`${SETUP}\n${body}`);
  assertEquals([r.title, r.text], [null, ""]);
  return r.returns.slice(2);
}

Deno.test("a task that has exited does not keep its cgroup from being removed", () => {
  assertEquals(
    results(`
      cpu1 task_exit(cpu1)
      cpu0 rmdir(a)
      schedule:
      cpu1 until end
      cpu0 until end
    `),
    [0, 0],
  );
  assertEquals(
    results(`
      cpu1 exit_signals(cpu1)
      cpu0 rmdir(a)
      schedule:
      cpu1 until end
      cpu0 until end
    `),
    [0, -16],
    "a task that only begins to exit does",
  );
});

Deno.test("a task that has exited keeps the css until it is reaped and a grace period is over", () => {
  const r = m.run(`
    ${SETUP}
    cpu1 task_exit(cpu1)
    cpu0 rmdir(a)
    cpu0 flags(a)
    cpu1 task_reap(cpu1)
    schedule:
    cpu1 until do_task_reap
    cpu0 until end
    cpu1 until end
  `);
  assertEquals([r.title, r.returns[4]], [null, 16], "offline, and not released");
  const index = (f: string) => r.trace.findIndex((p) => p.stack.includes(f));
  const order = ["cgroup_exit", "release_task", "delayed_put_task_struct", "cgroup_free"];
  const places = [...order, "css_release_work_fn", "mem_cgroup_css_free"].map(index);
  assert(places.every((i) => i >= 0), `${places}`);
  assertEquals(places, [...places].sort((x, y) => x - y));
});

Deno.test("the CPU of a task that was reaped goes on with another one, in the root cgroup", () => {
  const r = results(`
    cpu1 task(cpu1)
    cpu1 task_memcg(cpu1)
    cpu1 task_exit(cpu1)
    cpu1 task_memcg(cpu1)
    cpu1 task_reap(cpu1)
    cpu1 task_memcg(cpu1)
    cpu1 task(cpu1)
  `);
  assertEquals(r.slice(1, 6), [1, 0, 1, 0, 0]);
  assert(r[0] !== r[6]);
});

Deno.test("a task that exits is not moved", () => {
  assertEquals(
    results(`
      cpu1 exit_signals(cpu1)
      cpu0 attach(cpu1, root)
      cpu1 task_memcg(cpu1)
      schedule:
      cpu1 until do_task_memcg
      cpu0 until end
      cpu1 until end
    `),
    [0, 0, 1],
  );
});

Deno.test("a task that has exited is charged for nothing, unless it acts for a cgroup", () => {
  const r = m.run(`
    ${SETUP}
    cpu1 exit_signals(cpu1)
    cpu1 w = kmalloc(64)
    cpu1 task_exit(cpu1)
    cpu1 x = kmalloc(64)
    cpu1 p = alloc_pages(0)
    cpu1 h = css_hold(a)
    cpu1 y = kmalloc_remote(h, 64)
  `);
  assertEquals(r.title, null);
  const charged = (op: number) =>
    r.trace.some((p) => p.op === op && p.stack.includes("obj_cgroup_charge"));
  assertEquals([3, 5, 8].map(charged), [true, false, true]);
  assert(!r.trace.some((p) => p.op === 6 && p.stack.includes("__memcg_kmem_charge")));
});

Deno.test("a task exits once, and is reaped once", () => {
  assertEquals(
    results(`
      cpu1 task_reap(cpu1)
      cpu1 exit_signals(cpu1)
      cpu1 exit_signals(cpu1)
      cpu1 task_exit(cpu1)
      cpu1 task_exit(cpu1)
      cpu1 task_reap(cpu1)
      cpu1 task_reap(cpu1)
    `),
    [-9999, 0, -9999, 0, -9999, 0, -9999],
  );
});

Deno.test("a task is left at the end in whatever state, on a CPU that is down as well", () => {
  for (const op of ["exit_signals", "task_exit"]) {
    const r = m.run(`
      ${SETUP}
      cpu1 ${op}(cpu1)
      cpu0 cpu_down(cpu1)
      schedule:
      cpu1 until end
      cpu0 until end
    `);
    assertEquals([r.title, r.text], [null, ""]);
  }
});

Deno.test("signals, freezing and moving go well together with the end of their task", () => {
  const OPS = ["x = signal(cpu1)", "freeze(a)", "attach(cpu1, a)", "rmdir(a)"];
  for (const op of OPS) {
    for (const preempt of ["none", "full", "rt"] as const) {
      for (let gap = 1; gap < 60; gap += 3) {
        const r = m.run(
          `${SETUP}
          cpu0 ${op}
          cpu1 task_exit(cpu1)
          cpu1 task_reap(cpu1)
          schedule: numeric
          order cpu1 cpu0
          +${gap} switch cpu0
          +${gap} switch cpu1`,
          { preempt, trace: false },
        );
        assertEquals([r.title, r.text], [null, ""], `${op}, ${preempt}, ${gap}`);
      }
    }
  }
});
