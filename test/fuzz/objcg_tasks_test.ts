/** Kernel threads: who becomes one, and what the kernel does not do to them. */
import { assertEquals } from "@std/assert";
import { file, makeMachine } from "../machine/harness.ts";
import { SKIPPED } from "../../src/prog/target.ts";

const m = await makeMachine({ cpus: 2, kernel: "v6.7", target: file("fuzz/objcg.ts") });

Deno.test("a task that has charged or moved does not become a kernel thread", () => {
  for (const before of ["attach(cpu1, a)", "x = kmalloc(64)", "exit_signals(cpu1)"]) {
    const cpu = before.includes("cpu1") ? 1 : 0;
    const r = m.run(`boot a = mkdir(root)\nboot ${before}\nboot kthread(cpu${cpu})`);
    assertEquals([r.title, r.returns.at(-1)], [null, SKIPPED], before);
  }
});

Deno.test("a kernel thread charges nobody, wherever it is moved", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot kthread(cpu1)
    boot attach(cpu1, a)
    cpu1 x = kmalloc(64)
    cpu1 o = obj_cgroup_get_current(cpu1)
  `);
  assertEquals([r.title, r.returns.at(-1)], [null, 0]);
});

Deno.test("a cgroup that is frozen does not freeze its kernel threads", () => {
  const frozen = (kthread: string, move: string) =>
    m.run(`boot a = mkdir(root)\n${kthread}\n${move}`).trace
      .filter((p) => p.field === "frozen").length;
  for (
    const move of [
      "boot attach(cpu1, a)\ncpu0 freeze(a)",
      "boot freeze(a)\ncpu0 attach(cpu1, a)",
    ]
  ) {
    assertEquals([frozen("", move), frozen("boot kthread(cpu1)", move)], [1, 0]);
  }
});
