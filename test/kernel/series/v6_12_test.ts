/** What the patches of v6.12 change. */
import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v6.12",
  target: file("test/kernel/probe_target.ts"),
});
const SETUP = `boot a = mkdir(root)\nboot attach(cpu0, a)`;

Deno.test("an object is allocated first, then charged", () => {
  const r = m.run(`${SETUP}\ncpu0 x = kmalloc(64)`);
  assertEquals(r.title, null);
  const inside = r.trace.filter((p) => p.stack.includes("kmem_cache_alloc_node"));
  const allocated = inside.findIndex((p) => p.what === "kmalloc");
  const charged = inside.findIndex((p) => p.stack.includes("obj_cgroup_charge"));
  assert(0 <= allocated && allocated < charged, inside.map((p) => p.what).join());
});

Deno.test("an object that cannot be charged is freed again", () => {
  const r = m.run(`${SETUP}\nboot set_max(a, 0)\ncpu0 kmalloc(64)\ncpu0 usage(a)`);
  assertEquals([r.title, ...r.returns.slice(-2)], [null, 0, 0]);
  assert(r.trace.some((p) => p.what === "kfree" && p.object!.startsWith("kmem_object")));
});

Deno.test("an object without a vector stays, and is uncharged", () => {
  const r = m.run(`${SETUP}\ncpu0 x = kmalloc(64) {fail 2}\ncpu0 stock_bytes(cpu0)`);
  assertEquals([r.title, r.returns.at(-1)], [null, 4096]);
});

Deno.test("pages in a stock are read and written marked", () => {
  const r = m.run(`${SETUP}\ncpu0 p = alloc_pages(0)\ncpu0 free_pages(p)`);
  const uses = r.trace.filter((p) => p.field === "nr_pages").map((p) => p.what);
  assertEquals([...new Set(uses)].sort(), ["READ_ONCE", "WRITE_ONCE"]);
});

Deno.test("ids are given out and back under a lock of their own", () => {
  const r = m.run(`cpu0 a = mkdir(root)\ncpu0 rmdir(a)`);
  const changes = r.trace.filter((p) => p.field === "tags" && p.what === "store");
  const locks = r.trace.filter((p) => p.object === "memcg_idr_lock#0" && p.what === "spin_lock");
  assertEquals([r.title, changes.length, locks.length], [null, 2, 2]);
});

Deno.test("a task that has exited is on no list, and is released without css_set_lock", () => {
  const r = m.run(`${SETUP}\ncpu0 task_exit(cpu0)\ncpu0 rmdir(a)\ncpu0 task_reap(cpu0)`);
  assertEquals([r.title, ...r.returns.slice(-3)], [null, 0, 0, 0]);
  const inside = r.trace.filter((p) => p.stack.includes("cgroup_release")).map((p) => p.what);
  assertEquals(inside.filter((what) => what !== "call"), ["READ_ONCE"]);
});
