import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v5.9",
  target: file("test/kernel/probe_target.ts"),
});
const SETUP = `
  boot a = mkdir(root)
  boot b = mkdir(a)
  boot attach(cpu0, b)
  boot o = obj_cgroup_get_current(cpu0)
  boot attach(cpu0, root)
`;
function results(body: string): number[] {
  const r = m.run(`${SETUP}\n${body}`);
  assertEquals([r.title, r.text], [null, ""]);
  return r.returns.slice(5);
}

Deno.test("an objcg of a removed cgroup belongs to its parent", () => {
  assertEquals(results(`cpu0 owner(o)\ncpu0 rmdir(b)\ncpu0 owner(o)`), [2, 0, 1]);
});

Deno.test("a reparented objcg is reparented again with its new owner", () => {
  assertEquals(results(`cpu0 rmdir(b)\ncpu0 rmdir(a)\ncpu0 owner(o)`), [0, 0, 0]);
});

Deno.test("an objcg moves after the grace period that follows the kill, not at the rmdir", () => {
  const r = m.run(`
    ${SETUP}
    cpu1 obj_cgroup_get_remote(a)
    cpu0 rmdir(b)
    cpu0 owner(o)
    cpu1 owner(o)
    schedule:
    cpu1 until get_obj_cgroup_from_current: rcu_dereference
    cpu0 until end
    cpu1 until end
  `);
  assertEquals([r.title, r.unreached, r.returns[7]], [null, 0, 2]);
});

Deno.test("charges and uncharges through a reparented objcg count on the parent", () => {
  const r = results(`
    cpu0 obj_cgroup_charge(o, 4096)
    cpu0 drain_all_stock(b)
    cpu0 usage(a)
    cpu0 rmdir(b)
    cpu0 usage(a)
    cpu0 obj_cgroup_charge(o, 4096)
    cpu0 obj_cgroup_put(o)
    cpu0 drain_all_stock(a)
    cpu0 usage(a)
  `);
  assertEquals([r[2], r[4], r[8]], [1, 1, 0]);
});

Deno.test("an objcg is released with its last reference, and freed after a grace period", () => {
  const r = m.run(`${SETUP}\ncpu0 rmdir(b)\ncpu0 obj_cgroup_put(o)`);
  assertEquals(r.title, null);
  const release = r.trace.findIndex((p) => p.stack.includes("obj_cgroup_release"));
  const free = r.trace.findIndex((p) => p.what === "kfree" && p.object === "obj_cgroup#1");
  assert(0 <= release && release < free);
  assertEquals(r.trace[free].context, "softirq");
});

Deno.test("a removed cgroup is freed although its objcg lives, because the reference moved", () => {
  const r = m.run(`${SETUP}\ncpu0 rmdir(b)\ncpu0 obj_cgroup_charge(o, 64)`);
  assertEquals(r.title, null);
  assert(r.trace.some((p) => p.what === "kfree" && p.object === "mem_cgroup#2"));
  assert(!r.trace.some((p) => p.what === "kfree" && p.object === "mem_cgroup#1"));
});

Deno.test("a parent that inherited an objcg is freed too, because the references moved", () => {
  const r = m.run(`${SETUP}\ncpu0 rmdir(b)\ncpu0 rmdir(a)`);
  assertEquals(r.title, null);
  const frees = r.trace.filter((p) => p.what === "kfree").map((p) => p.object)
    .filter((o) => o!.startsWith("mem_cgroup"));
  assertEquals(frees, ["mem_cgroup#2", "mem_cgroup#1"]);
});

Deno.test("an objcg of the root uncharges what was never charged: B4, present in v5.9", () => {
  const r = m.run(`${SETUP}\ncpu0 rmdir(b)\ncpu0 rmdir(a)\ncpu0 obj_cgroup_charge(o, 64)`);
  assertEquals(r.title, "WARNING in page_counter_cancel");
});
