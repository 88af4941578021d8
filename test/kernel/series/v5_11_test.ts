/** What the patches of v5.11 change. */
import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v5.11",
  target: file("test/kernel/probe_target.ts"),
});

Deno.test("pages that are uncharged go to the stock of pages", () => {
  const r = m.run(`
    boot b = mkdir(root)
    boot o = obj_cgroup_get_remote(b)
    cpu0 obj_cgroup_charge(o, 65536)
    cpu0 obj_cgroup_uncharge(o, 65536)
    cpu0 usage(b)
    cpu0 stock_pages(cpu0)
  `);
  assertEquals([r.title, ...r.returns.slice(-2)], [null, 32, 32]);
});

Deno.test("a charge holds the cgroup, and waits for the objcg to move if the cgroup is gone", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot b = mkdir(a)
    boot o = obj_cgroup_get_remote(b)
    cpu0 obj_cgroup_charge(o, 64)
    cpu1 rmdir(b)
    cpu0 usage(a)
    cpu0 owner(o)
    schedule:
    cpu1 until css_release
    cpu0 until end
    cpu1 until end
  `);
  assertEquals([r.title, ...r.returns.slice(-2)], [null, 32, 1]);
  assert(r.trace.some((p) => p.stack.at(-1) === "obj_cgroup_charge"));
});

Deno.test("a kernel page holds its cgroup", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot attach(cpu0, a)
    cpu0 p = alloc_pages(0)
    cpu0 attach(cpu0, root)
    cpu0 rmdir(a)
    cpu0 drain_all_stock(root)
    cpu0 synchronize_rcu()
    cpu0 free_pages(p)
    cpu0 drain_all_stock(root)
  `);
  assertEquals(r.title, null);
  const freed = r.trace.findIndex((p) => p.what === "kfree" && p.object === "mem_cgroup#1");
  assert(freed > r.trace.findIndex((p) => p.op === 7));
});
