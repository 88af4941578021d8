/** What the patches of v6.7 change: tasks and cgroups keep objcgs. */
import { assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v6.7",
  target: file("test/kernel/probe_target.ts"),
});

/** How often current_objcg_update() looked for an objcg: each time it takes the old one out. */
function looks(program: string): number {
  const r = m.run(program);
  assertEquals([r.title, r.text], [null, ""]);
  return r.trace.filter((p) => p.what === "xchg" && p.field === "objcg").length;
}

Deno.test("a task looks its objcg up once, and once more after it was moved", () => {
  const setup = `boot a = mkdir(root)\nboot b = mkdir(root)\nboot attach(cpu0, a)`;
  const one = `cpu0 x = kmalloc(64)`;
  assertEquals(looks(`${setup}\n${one}\ncpu0 y = kmalloc(64)`), 1);
  assertEquals(looks(`${setup}\n${one}\ncpu0 attach(cpu0, b)\ncpu0 y = kmalloc(64)`), 2);
  assertEquals(looks(`${setup}\n${one}\ncpu0 attach(cpu1, b)\ncpu0 y = kmalloc(64)`), 1);
});

Deno.test("what a task allocates after a move is charged to the cgroup that it is in", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot b = mkdir(root)
    boot attach(cpu0, a)
    cpu0 x = kmalloc(64)
    cpu0 attach(cpu0, b)
    cpu0 y = kmalloc(64)
    cpu0 usage(a)
    cpu0 usage(b)
  `);
  // The stock of CPU0 went from A to B, and A has left what its object needs.
  assertEquals([r.title, ...r.returns.slice(-2)], [null, 1, 64]);
});

Deno.test("a task that exits gives its objcg back, and is charged for nothing after that", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot attach(cpu0, a)
    cpu0 x = kmalloc(64)
    cpu0 kfree(x)
    cpu0 task_exit(cpu0)
    cpu0 y = kmalloc(64)
    cpu0 rmdir(a)
    cpu0 task_reap(cpu0)
  `);
  assertEquals([r.title, r.text], [null, ""]);
  const held = r.trace.filter((p) => p.what === "store" && p.field === "objcg");
  assertEquals(held.at(-1)?.object?.startsWith("task_struct"), true);
});

Deno.test("the first objcg of a cgroup is there until the memory of the cgroup is freed", () => {
  const r = m.run(`boot a = mkdir(root)\ncpu0 rmdir(a)`);
  assertEquals(r.title, null);
  const freed = r.trace.filter((p) => p.what === "kfree").map((p) => p.object!.split("#")[0]);
  assertEquals(freed.indexOf("mem_cgroup") < freed.lastIndexOf("obj_cgroup"), true);
});

Deno.test("an id finds its cgroup when that is online, and a failed mkdir leaves no pointer", () => {
  const r = m.run(`boot a = mkdir(root)\ncpu0 id(a)`);
  assertEquals([r.title, r.returns.at(-1)], [null, 2]);
  assertEquals(m.run(`cpu0 mkdir(root) {fail 6}\ncpu0 mkdir(root)`).title, null);
});
