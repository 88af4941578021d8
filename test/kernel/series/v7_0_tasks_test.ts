/** What the patches of v7.0 change about tasks that end. */
import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const target = file("test/kernel/probe_target.ts");
const m = await makeMachine({ cpus: 2, kernel: "v7.0", target });
const SETUP = `
  boot a = mkdir(root)
  boot attach(cpu1, a)
`;

Deno.test("a task that has exited counts in its cgroup until its CPU has gone on", () => {
  const r = m.run(`
    ${SETUP}
    cpu1 task_exit(cpu1)
    cpu0 rmdir(a)
    cpu1 task_reap(cpu1)
    schedule:
    cpu1 until do_task_reap
    cpu0 until end
    cpu1 until end
  `);
  assertEquals([r.title, ...r.returns.slice(2)], [null, 0, -16, 0]);
  const after = m.run(`${SETUP}\ncpu1 task_exit(cpu1)\ncpu1 task_reap(cpu1)\ncpu1 rmdir(a)`);
  assertEquals([after.title, ...after.returns.slice(2)], [null, 0, 0, 0]);
});

Deno.test("its cgroup is left with preemption off, before the scheduler's reference is put", () => {
  const r = m.run(`${SETUP}\ncpu1 task_exit(cpu1)\ncpu1 task_reap(cpu1)`);
  assertEquals([r.title, r.text], [null, ""]);
  const whats = r.trace.filter((p) => p.stack.includes("do_task_dead")).map((p) => p.what);
  const off = whats.indexOf("preempt_disable");
  const lock = whats.lastIndexOf("spin_lock");
  assert(0 <= off && off < lock && lock < whats.indexOf("preempt_enable"), whats.join());
  assert(!r.trace.some((p) => p.stack.includes("cgroup_exit") && p.what.startsWith("spin_lock")));
});

Deno.test("with PREEMPT_RT a kworker takes the task out of its cgroup", () => {
  const r = m.run(`${SETUP}\ncpu1 task_exit(cpu1)\ncpu1 task_reap(cpu1)\ncpu1 rmdir(a)`, {
    preempt: "rt",
  });
  assertEquals([r.title, ...r.returns.slice(2)], [null, 0, 0, 0]);
  const left = r.trace.filter((p) => p.stack.includes("do_cgroup_task_dead"));
  assert(left.length > 0 && left.every((p) => p.stack.includes("cgrp_dead_tasks_iwork_fn")));
});

Deno.test("a cgroup with a task that lives is not removed, and no task keeps a reference", () => {
  const r = m.run(`${SETUP}\ncpu0 rmdir(a)`);
  assertEquals([r.title, r.returns.at(-1)], [null, -16]);
  const drain = r.trace.filter((p) => p.stack.includes("cgroup_drain_dying"));
  assertEquals(drain.filter((p) => p.field === "usage.refs").length, 2);
});

Deno.test("who freezes a cgroup leaves a task alone that exits", () => {
  const frozen = (before: string) => {
    const r = m.run(`${SETUP}\n${before}\ncpu1 freeze(a)`);
    assertEquals([r.title, r.text], [null, ""]);
    return r.trace.some((p) => p.stack.includes("cgroup_freeze_task"));
  };
  assertEquals([frozen(""), frozen("cpu1 exit_signals(cpu1)")], [true, false]);
});
