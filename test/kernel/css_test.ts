import { assert, assertEquals } from "@std/assert";
import { entered, file, makeMachine } from "../machine/harness.ts";

const m = await makeMachine({
  cpus: 3,
  kernel: "v5.9",
  target: file("test/kernel/probe_target.ts"),
});

const LIFE = [
  "cgroup_mkdir",
  "css_create",
  "mem_cgroup_css_alloc",
  "memcg_online_kmem",
  "obj_cgroup_alloc",
  "init_and_link_css",
  "online_css",
  "mem_cgroup_css_online",
  "cgroup_rmdir",
  "cgroup_destroy_locked",
  "kill_css",
  "css_killed_ref_fn",
  "css_killed_work_fn",
  "offline_css",
  "mem_cgroup_css_offline",
  "memcg_offline_kmem",
  "memcg_reparent_objcgs",
  "drain_all_stock",
  "css_release",
  "css_release_work_fn",
  "css_free_rwork_fn",
  "mem_cgroup_css_free",
];

Deno.test("a css is allocated, online, killed, confirmed, offline, released and freed, in order", () => {
  const r = m.run(`cpu0 a = mkdir(root)\ncpu0 rmdir(a)`);
  assertEquals([r.title, r.returns[1]], [null, 0]);
  assertEquals(entered(r.trace, LIFE), LIFE);
  const frees = r.trace.filter((p) => p.what === "kfree").map((p) => p.object!.split("#")[0]);
  assertEquals(frees.sort(), ["mem_cgroup", "obj_cgroup", "percpu_counters", "percpu_counters"]);
});

Deno.test("the steps of a css run in the contexts in which the kernel runs them", () => {
  const r = m.run(`cpu1 a = mkdir(root)\ncpu1 rmdir(a)`);
  const where = (f: string) => {
    const p = r.trace.find((q) => q.stack.includes(f))!;
    return `${p.context}${p.op < 0 ? ", between operations" : ""}`;
  };
  assertEquals(where("kill_css"), "task");
  assertEquals(where("css_killed_ref_fn"), "softirq, between operations");
  assertEquals(where("css_killed_work_fn"), "task, between operations");
  assertEquals(where("css_release_work_fn"), "task, between operations");
  assertEquals(where("css_free_rwork_fn"), "task, between operations");
});

Deno.test("a killed css goes offline only after the readers that were there", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot attach(cpu1, a)
    cpu1 o = obj_cgroup_get_current(cpu1)
    cpu0 attach(cpu1, root)
    cpu0 rmdir(a)
    cpu0 flags(a)
    schedule:
    cpu1 until get_obj_cgroup_from_current: rcu_dereference
    cpu0 until end
    cpu1 until end
  `);
  assertEquals([r.title, r.unreached], [null, 0]);
  assertEquals(r.returns[5], 2 | 16, "still online, and dying");
  const order = r.trace.map((p) => `${p.cpu} ${p.stack.at(-1)} ${p.what}`);
  const unlock = order.indexOf("1 get_obj_cgroup_from_current rcu_read_unlock");
  const offline = r.trace.findIndex((p) => p.stack.includes("offline_css"));
  assert(unlock < offline);
});

Deno.test("a parent that is removed first goes offline after its child, and is freed after it", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot b = mkdir(a)
    cpu0 rmdir(b)
    cpu0 rmdir(a)
  `);
  assertEquals([r.title, r.returns.slice(2)], [null, [0, 0]]);
  const order = r.trace.filter((p) => p.what === "kfree").map((p) => p.object)
    .filter((o) => o!.startsWith("mem_cgroup"));
  assertEquals(order, ["mem_cgroup#2", "mem_cgroup#1"]);
});

Deno.test("rmdir returns -EBUSY while there are tasks or children, and succeeds afterwards", () => {
  assertEquals(
    m.run(`
      boot a = mkdir(root)
      boot attach(cpu1, a)
      cpu0 rmdir(a)
      cpu0 attach(cpu1, root)
      cpu0 rmdir(a)
    `).returns.slice(2),
    [-16, 0, 0],
  );
  assertEquals(
    m.run(`
      boot a = mkdir(root)
      boot b = mkdir(a)
      cpu0 rmdir(a)
      cpu0 rmdir(b)
      cpu0 rmdir(a)
    `).returns.slice(2),
    [-16, 0, 0],
  );
});

Deno.test("operations that need a live cgroup return -ENODEV for a removed one", () => {
  const r = m.run(`
    boot a = mkdir(root)
    cpu0 rmdir(a)
    cpu0 rmdir(a)
    cpu0 mkdir(a)
    cpu0 attach(cpu0, a)
    cpu0 freeze(a)
    schedule:
    cpu0 until end
  `);
  assertEquals(r.title, null);
  assertEquals(r.returns.slice(1), [0, -19, -19, -19, -19]);
});

Deno.test("file operations do not apply to a removed cgroup, and delay its removal", () => {
  const r = m.run(`
    boot a = mkdir(root)
    cpu0 rmdir(a)
    cpu0 set_max(a, 5)
    cpu0 css_hold(a)
  `);
  assertEquals(r.returns.slice(2), [-9999, 0]);
  const held = m.run(`
    boot a = mkdir(root)
    cpu0 set_max(a, 5)
    cpu1 rmdir(a)
    schedule:
    cpu0 until page_counter_set_max: xchg
    cpu1 until end
    cpu0 until end
  `);
  assertEquals(held.title, null);
  const kill = held.trace.findIndex((p) => p.stack.includes("percpu_ref_kill_and_confirm"));
  assert(kill > held.trace.findLastIndex((p) => p.cpu === 0 && p.op === 1));
});

Deno.test("a css that is held is released and freed at the last put", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot h = css_hold(a)
    cpu0 rmdir(a)
    cpu0 flags(a)
    cpu0 css_drop(h)
  `);
  assertEquals([r.title, r.returns[3]], [null, 16], "offline, not released");
  const drop = r.trace.findIndex((p) => p.op === 4);
  assert(drop < r.trace.findIndex((p) => p.stack.includes("css_release")));
});

Deno.test("two removals of one cgroup at once: one succeeds, one returns -ENODEV", () => {
  for (let gap = 1; gap < 30; gap += 3) {
    const r = m.run(`
      boot a = mkdir(root)
      cpu0 rmdir(a)
      cpu1 rmdir(a)
      schedule: numeric
      order cpu0 cpu1 cpu2
      +${gap} switch cpu1
    `);
    assertEquals(r.title, null);
    const results = r.returns.slice(1).sort((x, y) => x - y);
    // After the memory is freed, the name stands for nothing, and the operation does not apply.
    assert(results[1] === 0 && results[0] === -19, `${results}`);
  }
});

for (let k = 1; k <= 8; k++) {
  Deno.test(`mkdir returns -ENOMEM and leaks nothing when allocation ${k} of 8 fails`, () => {
    const r = m.run(`
      cpu0 a = mkdir(root) {fail ${k}}
      cpu0 b = mkdir(root)
      cpu0 rmdir(b)
    `);
    // A css that was allocated and does not come online keeps its id: h04.
    assertEquals(r.title, k === 6 || k === 7 ? "freed memcg keeps its id" : null, r.text);
    assertEquals([r.returns[0], r.returns[2]], [-12, 0]);
  });
}

Deno.test("mkdir makes at most 8 allocations", () => {
  const r = m.run(`cpu0 a = mkdir(root)`);
  assertEquals(r.trace.filter((p) => p.what === "kmalloc").length, 8);
});

Deno.test("attach returns -ENOMEM when its css_set cannot be allocated, and the task stays", () => {
  const r = m.run(`
    boot a = mkdir(root)
    cpu0 attach(cpu0, a) {fail 1}
    cpu0 rmdir(a)
  `);
  assertEquals([r.title, ...r.returns.slice(1)], [null, -12, 0]);
});
