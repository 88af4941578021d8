/** What the patches of v7.1 change about tasks that end: a css is killed once no task is left. */
import { assert, assertEquals } from "@std/assert";
import type { TracePoint } from "../../../src/report/types.ts";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v7.1",
  target: file("test/kernel/probe_target.ts"),
});
const SETUP = `
  boot a = mkdir(root)
  boot b = mkdir(a)
  boot attach(cpu1, b)
`;
const DYING = 16;

/** Functions in which reference counts of css are killed, one for each time. */
function killers(trace: readonly TracePoint[]): string[] {
  const inside = trace.filter((p) => p.stack.includes("kill_css_finish"))
    .filter((p) => p.what === "call_rcu");
  return inside.map((p) => p.stack[p.stack.indexOf("kill_css_finish") - 2]);
}

Deno.test("a cgroup whose task lives is not removed", () => {
  const r = m.run(`${SETUP}\ncpu0 rmdir(b)`);
  assertEquals([r.title, r.returns.at(-1), killers(r.trace)], [null, -16, []]);
});

Deno.test("an empty cgroup is killed by whoever removes it", () => {
  const r = m.run(`${SETUP}\ncpu1 attach(cpu1, root)\ncpu1 rmdir(b)`);
  assertEquals([r.title, r.returns.at(-1)], [null, 0]);
  assertEquals(killers(r.trace), ["cgroup_destroy_locked"]);
});

Deno.test("a cgroup whose task exits is marked at once, and killed once the task is gone", () => {
  const r = m.run(`
    ${SETUP}
    cpu1 exit_signals(cpu1)
    cpu0 rmdir(b)
    cpu0 flags(b)
    cpu1 task_exit(cpu1)
    cpu1 task_reap(cpu1)
    schedule:
    cpu1 until do_exit
    cpu0 until end
    cpu1 until end
  `);
  assertEquals([r.title, r.text], [null, ""]);
  assertEquals([r.returns[4], r.returns[5] & DYING], [0, DYING]);
  assertEquals(killers(r.trace), ["cgroup_finish_destroy_work_fn"]);
  const last = r.trace.findLastIndex((p) => p.stack.includes("do_cgroup_task_dead"));
  assert(last < r.trace.findIndex((p) => p.stack.includes("kill_css_finish")));
});

Deno.test("a task that exits keeps the cgroups above its own as well", () => {
  const r = m.run(`
    ${SETUP}
    cpu1 task_exit(cpu1)
    cpu0 rmdir(b)
    cpu0 rmdir(a)
    cpu1 task_reap(cpu1)
    schedule:
    cpu1 until do_task_reap
    cpu0 until end
    cpu1 until end
  `);
  assertEquals([r.title, r.text], [null, ""]);
  assertEquals(r.returns.slice(4, 6), [0, 0]);
  const work = "cgroup_finish_destroy_work_fn";
  assertEquals(killers(r.trace), [work, work]);
});

Deno.test("removing and ending go well together, wherever they meet", () => {
  for (const preempt of ["none", "full", "rt"] as const) {
    for (let gap = 1; gap < 90; gap += 2) {
      const r = m.run(
        `${SETUP}
        cpu1 exit_signals(cpu1)
        cpu0 rmdir(b)
        cpu0 rmdir(a)
        cpu1 task_exit(cpu1)
        cpu1 task_reap(cpu1)
        schedule: numeric
        order cpu1 cpu0
        +${gap} switch cpu0
        +${gap} switch cpu1`,
        { preempt, trace: false },
      );
      assertEquals([r.title, r.text], [null, ""], `${preempt}, ${gap}`);
    }
  }
});
