/** The object stock with five slots, of about v7.2. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { file, makeMachine } from "../../machine/harness.ts";
import { RUNS } from "../../properties/runs.ts";
import { usesOf } from "./uses.ts";

const m = await makeMachine({
  cpus: 3,
  kernel: "v7.1+objcg_slots",
  target: file("test/kernel/probe_target.ts"),
});

/** Cgroups, each with an objcg of the node that the CPU of the boot operations belongs to. */
const cgroups = (n: number) =>
  Array.from(
    { length: n },
    (_, i) => `boot a${i} = mkdir(root)\nboot o${i} = obj_cgroup_get_remote(a${i})\n`,
  ).join("");

/** A byte for each of the objcgs. */
const charges = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `cpu0 obj_cgroup_charge(o${from + i}, 1)\n`).join("");

Deno.test("a CPU keeps the bytes of five objcgs", () => {
  const r = m.run(`
    ${cgroups(5)}
    ${charges(0, 5)}
    cpu0 stock_bytes(cpu0)
    ${charges(0, 5)}
    cpu0 stock_bytes(cpu0)
    cpu0 usage(root)
  `);
  // The second bytes come out of the slots: each cgroup stands at one page, and 63 in the page stock.
  assertEquals([r.title, r.returns.at(-8), r.returns.at(-2)], [null, 5 * 4095, 5 * 4094]);
  assertEquals(r.trace.filter((p) => p.stack.includes("drain_obj_stock_slot")).length, 0);
});

Deno.test("the sixth objcg has the slot of the first, the seventh that of the second", () => {
  const r = m.run(`
    ${cgroups(7)}
    ${charges(0, 7)}
    cpu0 parked(o0)
    cpu0 parked(o1)
    cpu0 parked(o2)
    cpu0 stock_bytes(cpu0)
  `);
  assertEquals([r.title, ...r.returns.slice(-4)], [null, 4095, 4095, 0, 5 * 4095]);
});

Deno.test("an empty slot is taken before one is drained, and turns go on where they were", () => {
  const r = m.run(`
    ${cgroups(6)}
    ${charges(0, 6)}
    cpu0 drain_all_stock(root)
    ${charges(0, 5)}
    cpu0 parked(o1)
    ${charges(5, 6)}
    cpu0 parked(o0)
    cpu0 parked(o1)
  `);
  // Bytes that were parked are taken back, less the page that they come to with the new ones.
  assertEquals([r.title, r.returns.at(-4), ...r.returns.slice(-2)], [null, 0, 0, 4094]);
});

Deno.test("statistics are kept for one slot at a time, and passed on to its own objcg", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot b = mkdir(root)
    boot ha = css_hold(a)
    boot hb = css_hold(b)
    cpu0 x = kmalloc_remote(ha, 100)
    cpu0 y = kmalloc_remote(hb, 200)
    cpu0 z = kmalloc_remote(ha, 300)
    cpu0 kfree(x)
    cpu0 kfree(y)
    cpu0 kfree(z)
  `);
  assertEquals([r.title, r.text], [null, ""]);
});

Deno.test("bytes that are more than a slot can hold are uncharged, though charging uncharges nothing else", () => {
  const all = Array.from({ length: 17 }, (_, i) => `cpu1 x${i} = kmalloc(65536)\n`).join("");
  const r = m.run(`boot a = mkdir(root)\nboot attach(cpu1, a)\n${all}cpu1 stock_bytes(cpu1)`);
  // Each leaves 4088 bytes, which may not be uncharged; at 16 * 4088 the slot is full.
  assertEquals([r.title, r.returns.at(-1)], [null, (17 * 4088) & 4095]);
});

Deno.test("whoever looks at another CPU's slots loads the pointers inside of RCU: B16 is gone", () => {
  const r = m.run(`
    boot a = mkdir(root)
    boot o = obj_cgroup_get_remote(a)
    cpu0 obj_cgroup_charge(o, 1)
    cpu1 drain_all_stock(root)
    schedule:
    cpu0 until end
    cpu1 until end
  `);
  const looks = r.trace.filter((p) => p.stack.includes("obj_stock_flush_required"));
  const first = looks.findIndex((p) => p.field === "cached");
  assert(looks.slice(0, first).some((p) => p.what === "rcu_read_lock"));
  assertEquals(r.title, null);
});

const USES = usesOf(2, 6);
for (const preempt of ["none", "full", "rt"] as const) {
  Deno.test(`charges of more cgroups than there are slots add up, ${preempt}`, () => {
    fc.assert(
      fc.property(USES, (uses) => {
        const r = m.run(
          `
          ${Array.from({ length: 7 }, (_, i) => `boot a${i} = mkdir(root)`).join("\n")}
          ${Array.from({ length: 7 }, (_, i) => `boot h${i} = css_hold(a${i})`).join("\n")}
          ${
            uses.map(([c, g, where, n], i) =>
              `cpu${c} ${where}x${i} = kmalloc_remote(h${g}, ${n}, GFP_ATOMIC)`
            ).join("\n")
          }
          ${uses.map(([c], i) => `cpu${c} kfree(x${i})`).join("\n")}
        `,
          { preempt },
        );
        assert(r.title === null, `${r.title}: ${r.text}`);
      }),
      RUNS,
    );
  });
}
