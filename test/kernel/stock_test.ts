import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { file, makeMachine } from "../machine/harness.ts";
import { RUNS } from "../properties/runs.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v5.9",
  target: file("test/kernel/probe_target.ts"),
});
const SETUP = `
  boot a = mkdir(root)
  boot attach(cpu0, a)
  boot o = obj_cgroup_get_current(cpu0)
`;
/** The return values of the operations after the setup. Nothing may be found. */
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

Deno.test("the first charge takes a batch of pages and leaves the rest in the stocks", () => {
  assertEquals(results(`cpu0 obj_cgroup_charge(o, 64)\n${LOOK}`), [0, 32, 31, 4096 - 64, 0]);
});

Deno.test("later charges are served from the stocks without touching the counters", () => {
  const r = m.run(`${SETUP}\ncpu0 obj_cgroup_charge(o, 64)\ncpu0 obj_cgroup_charge(o, 64)`);
  const atomics = r.trace.filter((p) => p.op === 4 && p.what.startsWith("atomic"));
  assertEquals(atomics, []);
});

/** Size of a charge, pages that it uses, and bytes that are left in the stock. */
const SIZES: [number, number, number][] = [
  [1, 1, 4095],
  [2048, 1, 2048],
  [4088, 1, 8],
  [4095, 1, 1],
  [4096, 1, 0],
  [4097, 2, 4095],
  [8191, 2, 1],
  [8192, 2, 0],
  [65536, 16, 0],
];
for (const [size, pages, left] of SIZES) {
  Deno.test(`a charge of ${size} bytes is ${pages} pages with ${left} bytes left over`, () => {
    assertEquals(
      results(`cpu0 obj_cgroup_charge(o, ${size})\n${LOOK}`),
      [0, 32, 32 - pages, left, 0],
    );
  });

  Deno.test(`uncharging ${size} bytes gives back every byte`, () => {
    const [, , usage, stock, bytes, parked] = results(`
      cpu0 obj_cgroup_charge(o, ${size})
      cpu0 obj_cgroup_uncharge(o, ${size})
      ${LOOK}
    `);
    assertEquals((usage - stock) * 4096 - bytes - parked, 0);
  });
}

Deno.test("a charge of more than a batch does not use the page stock", () => {
  const [, usage, stock] = results(`cpu0 obj_cgroup_charge(o, 65536)\ncpu0 usage(a)
    cpu0 stock_pages(cpu0)`);
  assertEquals([usage, stock], [32, 16]);
  const page = results(`cpu0 p = alloc_pages(3)\ncpu0 usage(a)\ncpu0 stock_pages(cpu0)`);
  assertEquals(page.slice(1), [32, 24]);
});

Deno.test("a limit smaller than a batch makes charges exact", () => {
  const r = results(`
    cpu0 set_max(a, 2)
    cpu0 obj_cgroup_charge(o, 4096)
    cpu0 usage(a)
    cpu0 stock_pages(cpu0)
    cpu0 obj_cgroup_charge(o, 4096)
    cpu0 obj_cgroup_charge(o, 1)
    cpu0 usage(a)
  `);
  assertEquals(r, [0, 0, 1, 0, 0, -12, 2]);
});

Deno.test("a charge at the limit drains the stocks of other CPUs before it fails", () => {
  const r = m.run(`
    ${SETUP}
    boot attach(cpu1, a)
    cpu1 x = kmalloc(64)
    cpu0 set_max(a, 32)
    cpu0 obj_cgroup_charge(o, 65536)
    schedule:
    cpu1 until end
    cpu0 until end
  `);
  assertEquals(r.title, null);
  assert(r.trace.some((p) => p.cpu === 1 && p.stack.includes("drain_local_stock")));
});

Deno.test("set_max below the usage drains the stocks and then returns -EBUSY", () => {
  assertEquals(
    results(`
      cpu0 obj_cgroup_charge(o, 4096)
      cpu0 set_max(a, 1)
      cpu0 set_max(a, 0)
      cpu0 usage(a)
    `),
    [0, 0, -16, 1],
  );
});

Deno.test("drain_all_stock uncharges pages and parks bytes on the objcg", () => {
  assertEquals(
    results(`cpu0 obj_cgroup_charge(o, 64)\ncpu0 drain_all_stock(a)\n${LOOK}`).slice(2),
    [1, 0, 0, 4096 - 64],
  );
});

Deno.test("drain_all_stock of another subtree does not drain the stocks", () => {
  const r = results(`
    cpu0 obj_cgroup_charge(o, 64)
    cpu0 b = mkdir(root)
    cpu0 drain_all_stock(b)
    ${LOOK}
  `);
  assertEquals(r.slice(3), [32, 31, 4032, 0]);
});

Deno.test("a new objcg in the stock drains the old one, which gets its bytes back later", () => {
  const r = results(`
    cpu0 b = mkdir(root)
    cpu0 q = obj_cgroup_get_remote(b)
    cpu0 obj_cgroup_charge(o, 64)
    cpu0 obj_cgroup_charge(q, 100)
    cpu0 parked(o)
    cpu0 stock_bytes(cpu0)
    cpu0 obj_cgroup_charge(o, 64)
    cpu0 parked(o)
    cpu0 parked(q)
    cpu0 stock_bytes(cpu0)
  `);
  // The second charge of o takes a page before it finds the parked bytes. So the stock holds more
  // than a page, and is drained at once.
  assertEquals(r.slice(4), [4032, 3996, 0, 3968, 3996, 0]);
});

Deno.test("an object is charged its size and the pointer to its objcg", () => {
  assertEquals(results(`cpu0 x = kmalloc(64)\n${LOOK}`).slice(1), [32, 31, 4096 - 72, 0]);
  assertEquals(results(`cpu0 x = kmalloc(4088)\n${LOOK}`).slice(1), [32, 31, 0, 0]);
});

Deno.test("an object whose vector cannot be allocated is not accounted, and nothing leaks", () => {
  assertEquals(results(`cpu0 x = kmalloc(64) {fail 2}\ncpu0 kfree(x)`)[1], 0);
  assertEquals(results(`cpu0 x = kmalloc(64) {fail 1}`), [0]);
  assertEquals(results(`cpu0 p = alloc_pages(0) {fail 1}`), [0]);
});

const USE = fc.array(
  fc.record({
    cpu: fc.nat(1),
    op: fc.constantFrom("obj_cgroup_charge", "obj_cgroup_uncharge", "kmalloc"),
    size: fc.oneof(
      fc.integer({ min: 0, max: 9000 }),
      fc.constantFrom(0, 1, 4087, 4088, 4095, 4096, 4097, 8192, 65536),
    ),
  }),
  { minLength: 1, maxLength: 12 },
);

Deno.test("charges of any size on any CPU conserve bytes", () => {
  fc.assert(
    fc.property(USE, (use) => {
      // The sanitizers check the conservation of bytes and pages at quiescence, and leaks at the
      // end.
      const ops = use.map(({ cpu, op, size }) =>
        op === "kmalloc" ? `cpu${cpu} kmalloc(${size})` : `cpu${cpu} ${op}(o, ${size})`
      );
      const r = m.run(`${SETUP}\nboot attach(cpu1, a)\n${ops.join("\n")}`, { trace: false });
      assertEquals([r.title, r.text], [null, ""]);
    }),
    RUNS,
  );
});
