/** What the patches of v6.1 change, and what became of the kernel's books until then. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { file, makeMachine } from "../../machine/harness.ts";
import { RUNS } from "../../properties/runs.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v6.1",
  target: file("test/kernel/probe_target.ts"),
});
const SETUP = `boot a = mkdir(root)\nboot attach(cpu0, a)\nboot o = obj_cgroup_get_current(cpu0)`;
function results(body: string): number[] {
  const r = m.run(`${SETUP}\n${body}`);
  assertEquals([r.title, r.text], [null, ""]);
  return r.returns.slice(3);
}
const LOOK = `
  cpu0 usage(a)
  cpu0 stock_pages(cpu0)
  cpu0 stock_bytes(cpu0)
  cpu0 parked(o)
`;

Deno.test("the first charge takes a batch of 64 pages and leaves the rest in the stocks", () => {
  assertEquals(results(`cpu0 obj_cgroup_charge(o, 64)\n${LOOK}`), [0, 64, 63, 4096 - 64, 0]);
});

for (const [size, pages, left] of [[1, 1, 4095], [4096, 1, 0], [4097, 2, 4095], [65536, 16, 0]]) {
  Deno.test(`a charge of ${size} bytes is ${pages} pages with ${left} bytes left over`, () => {
    assertEquals(
      results(`cpu0 obj_cgroup_charge(o, ${size})\n${LOOK}`),
      [0, 64, 64 - pages, left, 0],
    );
  });
}

Deno.test("a page that was uncharged is in the stock of pages", () => {
  const [, , usage, stock, bytes] = results(`
    cpu0 obj_cgroup_charge(o, 65536)
    cpu0 obj_cgroup_uncharge(o, 65536)
    ${LOOK}
  `);
  assertEquals([usage, stock, bytes], [64, 64, 0]);
});

Deno.test("mkdir returns -ENOMEM and leaks nothing, whichever of its allocations fails", () => {
  const { trace } = m.run(`cpu0 b = mkdir(root)`);
  const allocations = trace.filter((p) => p.what === "kmalloc").length;
  assertEquals(allocations, 9);
  for (let k = 1; k <= allocations; k++) {
    const r = m.run(`cpu0 b = mkdir(root) {fail ${k}}\ncpu0 c = mkdir(root)\ncpu0 rmdir(c)`);
    // A css without a reference count (3 and 4) or an id of its own (5) keeps its memcg's id: h04.
    const title = k >= 3 && k <= 5 ? "freed memcg keeps its id" : null;
    assertEquals([r.title, r.returns[0], r.returns[2]], [title, -12, 0], `allocation ${k}`);
  }
});

/** Objects of any size, allocated and freed in any order, on any CPU and in any context. */
const USES = fc.array(
  fc.tuple(
    fc.nat(1),
    fc.constantFrom("", "softirq ", "hardirq "),
    fc.integer({ min: 1, max: 9000 }),
  ),
  { minLength: 1, maxLength: 8 },
);

Deno.test("statistics and charges add up, whoever allocates and frees", () => {
  fc.assert(
    fc.property(USES, (uses) => {
      const r = m.run(`
        ${SETUP}
        boot attach(cpu1, a)
        ${uses.map(([c, where, n], i) => `cpu${c} ${where}x${i} = kmalloc(${n})`).join("\n")}
        ${uses.map(([c], i) => `cpu${c} kfree(x${i})`).join("\n")}
        cpu0 rmdir(a)
      `);
      assert(r.title === null, `${r.title}: ${r.text}`);
    }),
    RUNS,
  );
});
