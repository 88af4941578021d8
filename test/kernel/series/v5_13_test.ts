/** What the patches of v5.13 change. */
import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v5.13",
  target: file("test/kernel/probe_target.ts"),
});

Deno.test("a kernel page belongs to an objcg, moves with it, and does not hold its cgroup", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot b = mkdir(a)
    boot attach(cpu0, b)
    cpu0 p = alloc_pages(0)
    cpu0 attach(cpu0, root)
    cpu0 rmdir(b)
    cpu0 drain_all_stock(root)
    cpu0 usage(a)
    cpu0 free_pages(p)
    cpu0 drain_all_stock(root)
    cpu0 usage(a)
  `);
  assertEquals([r.title, r.returns[7], r.returns[10]], [null, 1, 0]);
  const freed = r.trace.findIndex((p) => p.what === "kfree" && p.object === "mem_cgroup#2");
  const last = r.trace.findIndex((p) => p.op === 8);
  assert(0 <= freed && freed < last);
});

Deno.test("pages of an objcg that is released are uncharged from the cgroup it belongs to then", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot b = mkdir(a)
    boot o = obj_cgroup_get_remote(b)
    cpu0 set_max(b, 1)
    cpu0 obj_cgroup_charge(o, 4000)
    cpu0 rmdir(b)
    cpu0 drain_all_stock(root)
    cpu0 usage(a)
    cpu0 obj_cgroup_put(o)
    cpu0 drain_all_stock(root)
    cpu0 usage(a)
  `);
  assertEquals([r.title, r.returns[7], r.returns[10]], [null, 1, 0]);
});

Deno.test("the cgroup that a handler names is not held for longer than its allocation", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot h = css_hold(a)
    cpu0 attach(cpu0, root)
    cpu0 hardirq kmalloc_remote(h, 64)
    cpu0 synchronize_rcu()
    cpu0 css_drop(h)
    cpu0 rmdir(a)
  `);
  assertEquals([r.title, r.text], [null, ""]);
});
