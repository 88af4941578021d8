/** Objects that are freed several at once, as kernels from v5.10 on do it. */
import { assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const KERNEL = "v6.12+free_bulk";
const m = await makeMachine({
  cpus: 1,
  kernel: KERNEL,
  target: file("test/kernel/probe_target.ts"),
});

const BOOT = `
  boot a = mkdir(root)
  boot attach(cpu0, a)
  boot o = obj_cgroup_get_remote(a)
`;

/** What is done to objects while they are freed: `uncharge 1`, `free 1`. */
function steps(program: string): string[] {
  const { title, trace } = m.run(BOOT + program);
  assertEquals(title, null);
  return trace.filter(({ stack }) => stack.includes("kfree_bulk")).flatMap(
    ({ what, object, field }) => {
      const of = object?.startsWith("kmem_object#") ? object.slice(12) : undefined;
      if (of === undefined) return [];
      if (what === "kfree") return [`free ${of}`];
      return what === "store" && field === "objcg" ? [`uncharge ${of}`] : [];
    },
  );
}

Deno.test("objects of one slab are uncharged together, then freed together", () => {
  const found = steps(`
    cpu0 x = kmalloc(64)
    cpu0 y = kmalloc(64)
    cpu0 kfree_bulk(x, y)
  `);
  assertEquals(found, ["uncharge 0", "uncharge 1", "free 0", "free 1"]);
});

Deno.test("objects of two slabs are done one after the other, the last first", () => {
  const both = ["uncharge 1", "free 1", "uncharge 0", "free 0"];
  for (const other of ["kmalloc(128)", "kmalloc_node(64, 1, 0)", "kmalloc_node(64, 0, 1)"]) {
    assertEquals(
      steps(`
        cpu0 x = kmalloc_node(64, 0, 0)
        cpu0 y = ${other}
        cpu0 kfree_bulk(x, y)
      `),
      both,
      other,
    );
  }
});

Deno.test("all bytes come back, and nothing is left", () => {
  const r = m.run(`${BOOT}
    cpu0 x = kmalloc(64)
    cpu0 y = kmalloc(64)
    cpu0 kfree_bulk(x, y)
    cpu0 stock_bytes(cpu0)
  `);
  assertEquals([r.title, r.returns.at(-1)], [null, 4096]);
});

Deno.test("an object that is named twice is freed by nobody, and what is used up stays so", () => {
  const r = m.run(`${BOOT}
    cpu0 x = kmalloc(64)
    cpu0 y = kmalloc(64)
    cpu0 kfree_bulk(x, x)
    cpu0 kfree(y)
    cpu0 kfree_bulk(x, y)
    cpu0 kfree(x)
  `);
  assertEquals([r.title, ...r.returns.slice(-4)], [null, -9999, 0, -9999, 0]);
});
