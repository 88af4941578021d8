/** What the patch of v6.18 brings: objects from any context. */
import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 1,
  kernel: "v6.18",
  target: file("test/kernel/probe_target.ts"),
});
const SETUP = `boot a = mkdir(root)\nboot h = css_hold(a)\nboot o = obj_cgroup_get_remote(a)`;
/** An NMI that arrives at a point of CPU0's operation. */
const interrupted = (op: string, point: string, nmi: string, preempt: "full" | "rt" = "full") =>
  m.run(
    `${SETUP}
    boot x = kmalloc_remote(h, 64)
    cpu0 ${op}
    cpu0 nmi ${nmi}
    cpu0 stock_bytes(cpu0)
    cpu0 parked(o)
    schedule:
    cpu0 until ${point}
    cpu0 interrupt
    cpu0 until end`,
    { preempt },
  );
const STOCK = "consume_obj_stock: READ_ONCE cached_objcg";

Deno.test("an NMI charges an object from the stock, if nobody is in the middle of it", () => {
  const nmi = "y = kmalloc_nolock(h, 64)";
  const r = interrupted("drain_all_stock(a)", "drain_all_stock: mutex_trylock", nmi);
  assertEquals([r.title, ...r.returns.slice(-2)], [null, 0, 4096 - 2 * 72]);
  assert(r.trace.some((p) => p.context === "nmi" && p.stack.includes("consume_obj_stock")));
});

Deno.test("an NMI in the middle of the stock charges pages and parks the rest: B17", () => {
  const r = interrupted("obj_cgroup_charge(o, 64)", STOCK, "y = kmalloc_nolock(h, 64)");
  assertEquals(r.title, "slab statistics of a node do not add up");
  assertEquals(r.returns.slice(-2), [4096 - 72 - 64, 4096 - 72]);
});

Deno.test("what an NMI frees in the middle of the stock is parked, too", () => {
  const r = interrupted("obj_cgroup_charge(o, 64)", STOCK, "kfree_nolock(x)");
  assertEquals(r.returns.slice(-2), [4096 - 72 - 64, 72]);
});

Deno.test("an allocation that must not wait fails at the limit, and takes no reserves", () => {
  const r = m.run(`${SETUP}\nboot set_max(a, 0)\ncpu0 kmalloc_nolock(h, 64)\ncpu0 usage(a)`);
  assertEquals([r.title, ...r.returns.slice(-2)], [null, 0, 0]);
});

Deno.test("with PREEMPT_RT an NMI gets no object", () => {
  const nmi = "y = kmalloc_nolock(h, 64)";
  const r = interrupted("drain_all_stock(a)", "drain_all_stock: mutex_trylock", nmi, "rt");
  assertEquals(r.title, null);
  assert(!r.trace.some((p) => p.context === "nmi" && p.what === "kmalloc"));
});
