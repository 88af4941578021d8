/** What the patches of v6.5 change. */
import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v6.5",
  target: file("test/kernel/probe_target.ts"),
});

Deno.test("whoever looks at another CPU's stock reads each of its pointers once, marked", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot b = mkdir(root)
    boot attach(cpu1, a)
    cpu1 x = kmalloc(64)
    cpu0 drain_all_stock(b)
    schedule:
    cpu1 until end
    cpu0 until end
  `);
  assertEquals(r.title, null);
  const looks = r.trace.filter((p) => p.cpu === 0 && p.object === "memcg_stock_pcp#1")
    .map((p) => `${p.what} ${p.field}`);
  assertEquals(looks, ["READ_ONCE cached", "load nr_pages", "READ_ONCE cached_objcg"]);
});

Deno.test("an isolated CPU is marked and left alone: B15, present in v6.5", () => {
  const r = m.run(`
    boot isolate_cpu(cpu1)
    boot a = mkdir(root)
    boot attach(cpu1, a)
    cpu1 x = kmalloc(64)
    cpu0 drain_all_stock(a)
    schedule:
    cpu1 until end
    cpu0 until end
  `);
  assertEquals(r.title, "stock is never drained again");
  assert(!r.trace.some((p) => p.what === "queue_work" && p.object === "memcg_stock_pcp#1"));
});

Deno.test("an isolated CPU drains its own stock", () => {
  const r = m.run(`
    boot isolate_cpu(cpu0)
    boot a = mkdir(root)
    boot attach(cpu0, a)
    cpu0 p = alloc_pages(0)
    cpu0 drain_all_stock(a)
    cpu0 stock_pages(cpu0)
  `);
  assertEquals([r.title, r.returns.at(-1)], [null, 0]);
});

Deno.test("charges and uncharges add up", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot attach(cpu0, a)
    cpu0 x = kmalloc(64)
    cpu0 kfree(x)
    cpu0 rmdir(a)
    cpu1 drain_all_stock(a)
  `);
  assertEquals([r.title, r.text], [null, ""]);
});
