import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v5.9",
  target: file("test/kernel/probe_target.ts"),
});
/** A cgroup that may have two pages and has both. */
const FULL = `
  boot a = mkdir(root)
  boot attach(cpu0, a)
  boot o = obj_cgroup_get_current(cpu0)
  boot set_max(a, 2)
  boot obj_cgroup_charge(o, 8192)
`;

/** What a charge of a page more returns, the pages charged then, and the functions that it calls. */
function charge(flags: string, context = "", more = "") {
  const r = m.run(`
    ${FULL}
    ${more}
    cpu0 ${context} obj_cgroup_charge(o, 4096${flags === "" ? "" : `, ${flags}`})
    cpu0 usage(a)
  `);
  assertEquals([r.title, r.text], [null, ""]);
  const called = new Set(r.trace.flatMap((p) => p.stack));
  const tries =
    r.trace.filter((p) =>
      p.stack.at(-1) === "page_counter_try_charge" && p.what === "atomic_add_return" &&
      p.object === "mem_cgroup#1"
    ).length;
  return {
    ret: r.returns.at(-2),
    usage: r.returns.at(-1),
    drains: called.has("drain_all_stock"),
    tries,
  };
}

/** Flags, what comes of a charge above the limit, and how often it is tried, with a batch and without. */
const CASES: [flags: string, forced: boolean, drains: boolean, tries: number][] = [
  ["", false, true, 4],
  ["GFP_KERNEL", false, true, 4],
  ["GFP_KERNEL|__GFP_NORETRY", false, true, 3],
  ["GFP_KERNEL|__GFP_HIGH", false, true, 4],
  ["GFP_KERNEL|__GFP_NOFAIL", true, true, 4],
  ["GFP_NOWAIT", false, false, 2],
  ["GFP_NOWAIT|__GFP_HIGH", false, false, 2],
  ["GFP_ATOMIC", true, false, 2],
];
for (const [flags, forced, drains, tries] of CASES) {
  const how = forced ? "is forced" : "fails";
  Deno.test(`a charge above the limit with ${flags || "the flags of a task"} ${how}`, () => {
    const usage = forced ? 3 : 2;
    assertEquals(charge(flags), { ret: forced ? 0 : -12, usage, drains, tries });
  });
}

Deno.test("a handler charges atomically, which is forced", () => {
  const r = m.run(`
    ${FULL}
    cpu0 drain_all_stock(root)
    cpu0 hardirq obj_cgroup_charge(o, 4096)
    cpu0 usage(a)
    schedule:
    cpu0 until drain_all_stock: rcu_read_lock
    cpu0 interrupt
    cpu0 until end
  `);
  assertEquals([r.title, r.returns.slice(6)], [null, [0, 3]]);
});

Deno.test("an operation does not apply in a handler with flags that only a task may use", () => {
  for (const flags of ["GFP_KERNEL", "GFP_KERNEL|__GFP_NOFAIL", "GFP_ATOMIC|__GFP_NOFAIL"]) {
    const r = m.run(`
      ${FULL}
      cpu0 usage(a)
      cpu0 hardirq obj_cgroup_charge(o, 4096, ${flags})
      cpu0 softirq kmalloc(64, ${flags})
    `);
    assertEquals([r.title, r.returns.slice(6)], [null, [-9999, -9999]]);
  }
});

Deno.test("a task that exits is charged above the limit", () => {
  assertEquals(charge("", "", "boot exit_signals(cpu0)").ret, 0);
  assertEquals(charge("GFP_NOWAIT", "", "boot exit_signals(cpu0)").usage, 3);
});

Deno.test("an allocation with __GFP_NOFAIL does not fail where the input says so", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot attach(cpu0, a)
    cpu0 x = kmalloc(64) {fail 1}
    cpu0 y = kmalloc(64, GFP_KERNEL|__GFP_NOFAIL) {fail 1, 2}
    cpu0 p = alloc_pages(0) {fail 1}
    cpu0 q = alloc_pages(0, GFP_KERNEL|__GFP_NOFAIL) {fail 1}
  `);
  assertEquals(r.title, null);
  assertEquals(r.returns.slice(2).map((v) => v > 0), [false, true, false, true]);
  assert(r.trace.some((p) => p.stack.includes("memcg_slab_post_alloc_hook")));
});
