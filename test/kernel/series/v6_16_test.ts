/** What the patches of v6.16 change: two stocks, seven cgroups, interrupts on. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { file, makeMachine } from "../../machine/harness.ts";
import { RUNS } from "../../properties/runs.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v6.16",
  target: file("test/kernel/probe_target.ts"),
});
const { hasField, typeNamed } = await import("../../../src/machine/memory/peek.ts");

const names = (n: number) => Array.from({ length: n }, (_, i) => `m${i}`);
const made = (n: number) => names(n).map((x) => `boot ${x} = mkdir(root)`).join("\n");
const held = (n: number) => names(n).map((x) => `boot h${x} = css_hold(${x})`).join("\n");
const one = (x: string) => `cpu0 alloc_pages_remote(h${x}, 0)`;

Deno.test("pages and objects are in stocks of their own, each with work and a mark", () => {
  const [pages, objects] = [typeNamed("memcg_stock_pcp")!, typeNamed("obj_stock_pcp")!];
  const has = (f: string) => [hasField(pages, f), hasField(objects, f)];
  assertEquals(has("cached_objcg"), [false, true]);
  assertEquals(has("cached"), [true, false]);
  assertEquals([has("work"), has("flags")], [[true, true], [true, true]]);
});

Deno.test("a stock has pages of seven cgroups at once, the eighth displaces one", () => {
  const stock = (n: number) => {
    const uses = names(n).map(one).join("\n");
    const r = m.run(`${made(n)}\n${held(n)}\n${uses}\ncpu0 stock_pages(cpu0)`);
    assertEquals(r.title, null);
    return r.returns.at(-1);
  };
  assertEquals([stock(1), stock(7), stock(8)], [63, 7 * 63, 7 * 63]);
});

Deno.test("a cgroup whose slot was displaced has its pages back at the counter", () => {
  const looks = names(8).map((x) => `cpu0 usage(${x})`).join("\n");
  const r = m.run(`${made(8)}\n${held(8)}\n${names(8).map(one).join("\n")}\n${looks}`);
  assertEquals(r.returns.slice(-8).sort((a, b) => a - b), [1, ...Array(7).fill(64)]);
});

const CHARGE = `
  boot a = mkdir(root)
  boot h = css_hold(a)
  boot o = obj_cgroup_get_remote(a)
  boot x = kmalloc_remote(h, 64)
`;

Deno.test("an interrupt in the middle of the object stock parks what is left over: B17", () => {
  const r = m.run(`
    ${CHARGE}
    cpu0 obj_cgroup_charge(o, 64)
    cpu0 hardirq y = kmalloc_remote(h, 6136)
    cpu0 parked(o)
    schedule:
    cpu0 until consume_obj_stock: store nr_bytes
    cpu0 interrupt
    cpu0 until end
  `);
  assertEquals([r.title, r.returns.at(-1)], ["slab statistics of a node do not add up", 2048]);
});

Deno.test("an interrupt in the middle of the page stock charges and uncharges past it", () => {
  const r = m.run(`
    ${CHARGE}
    boot p = alloc_pages_remote(h, 0)
    cpu0 alloc_pages_remote(h, 0)
    cpu0 hardirq free_pages(p)
    cpu0 usage(a)
    cpu0 stock_pages(cpu0)
    schedule:
    cpu0 until consume_stock: WRITE_ONCE nr_pages
    cpu0 interrupt
    cpu0 until end
  `);
  // A batch, less the page that was freed; two pages are charged to objects, one is in use.
  assertEquals([r.title, ...r.returns.slice(-2)], [null, 63, 61]);
});

Deno.test("each of the two stocks is marked and drained by itself", () => {
  const r = m.run(`
    ${CHARGE}
    boot p = alloc_pages_remote(h, 0)
    cpu1 drain_all_stock(a)
    cpu1 stock_pages(cpu0)
    cpu1 stock_bytes(cpu0)
    cpu0 synchronize_rcu()
    schedule:
    cpu1 until end
    cpu0 until end
  `);
  assertEquals([r.title, r.text], [null, ""]);
  const queued = r.trace.filter((p) => p.what === "queue_work").map((p) => p.object);
  assertEquals(queued, ["memcg_stock_pcp#0", "obj_stock_pcp#0"]);
});

Deno.test("who looks at another CPU's object stock loads the pointer outside of RCU: B16", () => {
  const r = m.run(`${CHARGE}\ncpu1 drain_all_stock(root)`);
  const looks = r.trace.filter((p) => p.stack.at(-1) === "obj_stock_flush_required");
  const load = looks.findIndex((p) => p.field === "cached_objcg");
  const lock = looks.findIndex((p) => p.what === "rcu_read_lock");
  assert(0 <= load && load < lock, looks.map((p) => p.what).join());
});

Deno.test("an objcg is put inside the stock's lock, after its slot is clear", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot o = obj_cgroup_get_remote(a)
    cpu0 obj_cgroup_charge(o, 64)
    cpu0 drain_all_stock(a)
  `);
  const drained = r.trace.filter((p) => p.stack.includes("drain_local_obj_stock"));
  const at = (what: string, field?: string) =>
    drained.findIndex((p) => p.what === what && (field === undefined || p.field === field));
  const put = drained.findIndex((p) => p.stack.includes("obj_cgroup_put"));
  assert(at("WRITE_ONCE", "cached_objcg") < put && put < at("preempt_enable"), r.text);
});

/** Objects of any size, allocated and freed in any order, on any CPU, by tasks. */
const USES = fc.array(
  fc.tuple(fc.nat(1), fc.integer({ min: 1, max: 9000 })),
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
          ${uses.map(([c, n], i) => `cpu${c} x${i} = kmalloc(${n})`).join("\n")}
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
