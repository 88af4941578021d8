/** What the patches of v5.17 change. */
import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v5.17",
  target: file("test/kernel/probe_target.ts"),
});
/** Points of a lock. */
const locked = (trace: ReturnType<typeof m.run>["trace"], name: string) =>
  trace.filter((p) => p.what.includes("lock") && p.object === `${name}#0`);

Deno.test("lists of objcgs have a lock of their own", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot o = obj_cgroup_get_remote(a)
    cpu0 rmdir(a)
    cpu0 obj_cgroup_put(o)
  `);
  assertEquals(r.title, null);
  for (const f of ["memcg_reparent_objcgs", "obj_cgroup_release"]) {
    const inside = r.trace.filter((p) => p.stack.at(-1) === f);
    assert(locked(inside, "objcg_lock").length > 0, f);
    assertEquals(locked(inside, "css_set_lock"), [], f);
  }
});

Deno.test("mkdir makes ten allocations", () => {
  const r = m.run(`cpu0 c = mkdir(root)\ncpu0 rmdir(c)`);
  assertEquals(r.trace.filter((p) => p.what === "kmalloc").length, 10);
});

Deno.test("who must flush a stock for its pages does not look at its objects", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot attach(cpu1, a)
    cpu1 x = kmalloc(64)
    cpu0 drain_all_stock(a)
    schedule:
    cpu1 until end
    cpu0 until end
  `);
  assertEquals([r.title, r.unreached], [null, 0]);
  const looked = r.trace.filter((p) => p.cpu === 0 && p.object === "memcg_stock_pcp#1");
  assertEquals(looked.slice(0, 3).map((p) => p.field), ["cached", "nr_pages", "flags"]);
});
