/** What the patches of v7.1 change: charges and statistics apart, an objcg for each node. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { file, makeMachine } from "../../machine/harness.ts";
import { RUNS } from "../../properties/runs.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v7.1",
  target: file("test/kernel/probe_target.ts"),
});

Deno.test("CPUs of two nodes charge a cgroup through two objcgs", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot attach(cpu0, a)
    boot attach(cpu1, a)
    cpu0 o = obj_cgroup_get_current(cpu0)
    cpu1 p = obj_cgroup_get_current(cpu1)
    cpu1 owner(p)
    cpu0 owner(o)
    schedule:
    cpu1 until end
    cpu0 until end
  `);
  assertEquals(r.title, null);
  const found = r.trace.filter((p) => p.what === "cmpxchg" && p.field === "objcg");
  assertEquals(found.length, 2);
  assertNotEquals(found[0].value, found[1].value);
  assertEquals(r.returns.slice(-2), [1, 1]);
});

Deno.test("an objcg of each node is reparented by itself", () => {
  const r = m.run(`cpu0 a = mkdir(root)\ncpu0 rmdir(a)`);
  assertEquals([r.title, r.text], [null, ""]);
  const killed = r.trace.filter((p) => p.what === "call_rcu")
    .filter((p) => p.stack.includes("memcg_reparent_objcgs"));
  assertEquals(killed.length, 2);
});

Deno.test("what runs in the root is accounted to nobody, and keeps the root's objcg", () => {
  const r = m.run(`cpu0 x = kmalloc(64)\ncpu0 p = alloc_pages(0)\ncpu0 usage(root)`);
  assertEquals([r.title, r.returns.at(-1)], [null, 0]);
});

Deno.test("mkdir kills the first objcg if there is no memory for the second", () => {
  const { trace } = m.run(`cpu0 b = mkdir(root)`);
  const allocations = trace.filter((p) => p.what === "kmalloc").length;
  for (let i = 1; i <= allocations; i++) {
    const r = m.run(`cpu0 b = mkdir(root) {fail ${i}}`);
    assertEquals(r.returns[0], -12, `allocation ${i}`);
    assertNotEquals(r.title, "objcg belongs to a freed cgroup", `allocation ${i}`); // B21
  }
});

Deno.test("nobody counts references to the root's objcgs", () => {
  const counted = (program: string) =>
    m.run(program).trace.filter((p) => p.stack.includes("current_objcg_update"))
      .filter((p) => p.what === "this_cpu_add").length;
  assertEquals(counted(`cpu0 x = kmalloc(64)`), 0);
  assertEquals(counted(`boot a = mkdir(root)\nboot attach(cpu0, a)\ncpu0 x = kmalloc(64)`), 1);
});

Deno.test("statistics go past a stock that is another objcg's", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot b = mkdir(root)
    boot h = css_hold(b)
    boot o = obj_cgroup_get_remote(a)
    cpu0 obj_cgroup_charge(o, 64)
    cpu0 y = kmalloc_remote(h, 4088)
    cpu0 stock_bytes(cpu0)
  `);
  // The object is a page with its pointer, so nothing is left over and the stock stays A's.
  assertEquals([r.title, r.returns.at(-1)], [null, 4096 - 64]);
});

Deno.test("a css goes offline a grace period after it was killed, and one more", () => {
  const r = m.run(`cpu0 a = mkdir(root)\ncpu0 rmdir(a)`);
  const waits = r.trace.filter((p) =>
    p.what === "call_rcu" && p.stack.includes("css_killed_ref_fn")
  );
  assertEquals([r.title, waits.length], [null, 1]);
});

/** Objects of any size, allocated and freed in any order, on any CPU and in any context. */
const USES = fc.array(
  fc.tuple(
    fc.nat(1),
    fc.constantFrom("", "softirq ", "hardirq "),
    fc.integer({ min: 1, max: 9000 }),
  ),
  { minLength: 1, maxLength: 8 },
);
for (const preempt of ["none", "full", "rt"] as const) {
  Deno.test(`statistics and charges add up, whoever allocates and frees, ${preempt}`, () => {
    fc.assert(
      fc.property(USES, (uses) => {
        const r = m.run(
          `
          boot a = mkdir(root)
          boot attach(cpu0, a)
          boot attach(cpu1, a)
          ${uses.map(([c, where, n], i) => `cpu${c} ${where}x${i} = kmalloc(${n})`).join("\n")}
          ${uses.map(([c], i) => `cpu${c} kfree(x${i})`).join("\n")}
          cpu0 rmdir(a)
        `,
          { preempt },
        );
        assert(r.title === null, `${r.title}: ${r.text}`);
      }),
      RUNS,
    );
  });
}

Deno.test("what is swapped out is recorded for the cgroup that the page's objcg belongs to by then", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot h = css_hold(a)
    cpu0 s = swap_out(h)
    cpu1 rmdir(a)
    cpu0 record(s)
    cpu0 id(root)
    schedule:
    cpu0 until mem_cgroup_try_charge_swap: rcu_read_lock #2
    cpu1 until end
    cpu0 until end
  `);
  assertEquals([r.title, r.text], [null, ""]);
  assertEquals(r.returns.at(-2), r.returns.at(-1));
  const lookup = r.trace.filter((p) => p.stack.at(-1) === "mem_cgroup_id_get_online");
  assertEquals(
    [...new Set(lookup.map((p) => p.object))],
    ["mem_cgroup#0"],
    "the parent's, not a's",
  );
});
