/** Stocks of single counters: version 4 of the series, and version 3, of which B25b is. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { file, type MachineOptions, makeMachine } from "../../machine/harness.ts";
import { withMachine } from "../../machine/remote.ts";
import { RUNS } from "../../properties/runs.ts";
import { usesOf } from "./uses.ts";

const VERSION_4: MachineOptions = {
  cpus: 2,
  kernel: "v7.1+memsw+page_counter_stock",
  target: file("test/kernel/probe_target.ts"),
};
const VERSION_3 = { ...VERSION_4, kernel: `${VERSION_4.kernel}+b25b` };
const FIX = file("src/kernel/patches/b25-disable-before-draining.ts");
const m = await makeMachine(VERSION_4);

const A = `
  boot a = mkdir(root)
  boot o = obj_cgroup_get_remote(a)
`;
const LOOK = "cpu0 usage(a)\ncpu0 memory_stock(a)\ncpu0 memsw(a)\ncpu0 memsw_stock(a)\n";

/** The same by both versions. */
async function both(program: string, n: number, expected: number[]): Promise<void> {
  const judge = (r: { title: string | null; text: string; returns: readonly number[] }) =>
    assertEquals([r.title, r.text, r.returns.slice(-n)], [null, "", expected]);
  judge(m.run(program));
  await withMachine(VERSION_3, async (m) => judge(await m.run(program)));
}

Deno.test("each counter has a stock of its own, and takes a batch for it", async () => {
  await both(`${A}cpu0 obj_cgroup_charge(o, 4096)\n${LOOK}`, 4, [64, 63, 64, 63]);
});

Deno.test("a stock that has enough is taken from, and the counter stays", async () => {
  const program = `${A}boot obj_cgroup_charge(o, 4096)\ncpu0 obj_cgroup_charge(o, 8192)\n${LOOK}`;
  await both(program, 4, [64, 61, 64, 61]);
  const r = m.run(program);
  assertEquals(r.trace.some((p) => p.stack.includes("page_counter_try_charge")), false);
});

Deno.test("what is uncharged goes to the counter, not into a stock", async () => {
  const program = `${A}
    cpu0 obj_cgroup_charge(o, 65536)
    cpu0 obj_cgroup_uncharge(o, 65536)
    ${LOOK}`;
  await both(program, 4, [48, 48, 48, 48]);
});

Deno.test("if a batch is too much, a charge takes what is asked for", async () => {
  const program = `${A}boot set_max(a, 2)\ncpu0 obj_cgroup_charge(o, 4096)\n${LOOK}`;
  await both(program, 4, [1, 0, 64, 63]);
});

Deno.test("B25a: pages out of the stock of memsw are uncharged if memory refuses, and nothing is lost", async () => {
  const program = `${A}
    boot set_max(a, 1)
    boot obj_cgroup_charge(o, 4096)
    cpu0 obj_cgroup_charge(o, 4096, GFP_NOWAIT)
    ${LOOK}`;
  // A page, and 62 in the stock: 63.
  await both(program, 5, [-12, 1, 0, 63, 62]);
});

Deno.test("draining takes from the stocks of all CPUs that are up, of the subtree only", async () => {
  const program = `${A}
    boot b = mkdir(root)
    boot p = obj_cgroup_get_remote(b)
    cpu1 obj_cgroup_charge(o, 4096)
    cpu1 obj_cgroup_charge(p, 4096)
    cpu0 drain_all_stock(a)
    ${LOOK}
    cpu0 memory_stock(b)
    schedule:
    cpu1 until end
    cpu0 until end`;
  await both(program, 5, [1, 0, 1, 0, 63]);
});

Deno.test("what a dead CPU has in stock is drained", async () => {
  const program = `${A}
    cpu1 obj_cgroup_charge(o, 8192)
    cpu0 cpu_down(cpu1)
    ${LOOK}
    schedule:
    cpu1 until end
    cpu0 until end`;
  await both(program, 4, [2, 0, 2, 0]);
});

Deno.test("without memory for its stock a counter is charged exactly", () => {
  const failing = "boot a = mkdir(root) {fail 13}";
  const r = m.run(`${failing}\nboot o = obj_cgroup_get_remote(a)
    cpu0 obj_cgroup_charge(o, 4096)\n${LOOK}`);
  assertEquals([r.title, r.returns.slice(-4)], [null, [1, -1, 64, 63]]);
});

/** While CPU2 drains, so that nobody else does, a cgroup goes offline under CPU0, which charges it. */
const B25B = `${A}
  boot obj_cgroup_charge(o, 4096)
  cpu0 obj_cgroup_charge(o, 4096)
  cpu1 rmdir(a)
  cpu2 drain_all_stock(root)
  schedule:
  cpu0 until page_counter_try_charge: READ_ONCE batch
  cpu1 until css_killed_work_fn
  cpu0 until page_counter_try_charge: store nr_pages
  cpu2 until work_on_cpu
  cpu1 until end
  cpu0 until end
  cpu2 until end
`;

Deno.test("B25b: what is drained without the lock of the stock is drained twice", async () => {
  const options = { ...VERSION_3, cpus: 3 };
  await withMachine(options, async (m) => {
    assertEquals((await m.run(B25B)).title, "WARNING in page_counter_cancel");
  });
  await withMachine({ ...options, patches: [FIX] }, async (m) => {
    assertEquals((await m.run(B25B)).title, null);
  });
});

const USES = usesOf(1, 2);
for (const preempt of ["none", "full", "rt"] as const) {
  Deno.test(`charges to both counters add up, ${preempt}`, () => {
    fc.assert(
      fc.property(USES, (uses) => {
        const r = m.run(
          `
          boot a0 = mkdir(root)
          boot a1 = mkdir(a0)
          boot a2 = mkdir(root)
          ${[0, 1, 2].map((i) => `boot h${i} = css_hold(a${i})`).join("\n")}
          ${
            uses.map(([c, g, where, n], i) =>
              `cpu${c} ${where}x${i} = kmalloc_remote(h${g}, ${n}, GFP_ATOMIC)`
            ).join("\n")
          }
          ${uses.map(([c], i) => `cpu${c} kfree(x${i})`).join("\n")}
          cpu0 drain_all_stock(root)
        `,
          { preempt },
        );
        assert(r.title === null, `${r.title}: ${r.text}`);
      }),
      RUNS,
    );
  });
}
