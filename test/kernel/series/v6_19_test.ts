/** A kernel between v6.18 and v7.0, where the end of a task was not right with PREEMPT_RT. */
import { assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v7.0-9311e6c29b34",
  target: file("test/kernel/probe_target.ts"),
});

Deno.test("css_set_lock cannot be taken in finish_task_switch() with PREEMPT_RT", () => {
  const program = `
    boot a = mkdir(root)
    boot attach(cpu1, a)
    cpu1 task_exit(cpu1)
    cpu1 task_reap(cpu1)
  `;
  assertEquals(m.run(program).title, null);
  const { title } = m.run(program, { preempt: "rt" });
  assertEquals(title, "BUG: sleeping function called from invalid context in cgroup_task_dead");
});
