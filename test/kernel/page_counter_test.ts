import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { file, makeMachine } from "../machine/harness.ts";
import { RUNS } from "../properties/runs.ts";

const m = await makeMachine({ cpus: 3, target: file("test/kernel/page_counter_target.ts") });
const USAGE = `cpu0 usage(0)\ncpu0 usage(1)\ncpu0 usage(2)`;
const returns = (body: string) => {
  const r = m.run(body);
  assertEquals(r.title, null);
  return r.returns;
};

Deno.test("a charge counts on its level and on all levels above", () => {
  assertEquals(returns(`cpu0 charge(1, 5)\ncpu0 charge(2, 2)\n${USAGE}`).slice(2), [7, 7, 2]);
  assertEquals(
    returns(`cpu0 charge(2, 9)\ncpu0 uncharge(2, 4)\ncpu0 uncharge(1, 0)\n${USAGE}`).slice(3),
    [5, 5, 5],
  );
});

Deno.test("try_charge succeeds up to the limit and not one page above it", () => {
  assertEquals(returns(`cpu0 set_max(2, 4)\ncpu0 try_charge(2, 4)\n${USAGE}`), [0, -1, 4, 4, 4]);
  assertEquals(returns(`cpu0 set_max(2, 4)\ncpu0 try_charge(2, 5)\n${USAGE}`), [0, 2, 0, 0, 0]);
  const more = `cpu0 set_max(2, 4)\ncpu0 try_charge(2, 4)\ncpu0 try_charge(2, 1)`;
  assertEquals(returns(more), [0, -1, 2]);
  assertEquals(returns(`cpu0 set_max(2, 0)\ncpu0 try_charge(2, 0)`), [0, -1]);
});

Deno.test("a try_charge that fails on a level rolls back all levels below", () => {
  for (const level of [0, 1]) {
    assertEquals(
      returns(`cpu0 set_max(${level}, 3)\ncpu0 try_charge(2, 4)\n${USAGE}`),
      [0, level, 0, 0, 0],
    );
  }
});

Deno.test("the limit of a level does not bind charges above it", () => {
  assertEquals(returns(`cpu0 set_max(2, 1)\ncpu0 try_charge(1, 7)\n${USAGE}`), [0, -1, 7, 7, 0]);
});

Deno.test("charge ignores limits", () => {
  assertEquals(returns(`cpu0 set_max(2, 1)\ncpu0 charge(2, 7)\n${USAGE}`).slice(2), [7, 7, 7]);
});

Deno.test("set_max refuses a limit below the usage", () => {
  assertEquals(returns(`cpu0 charge(2, 5)\ncpu0 set_max(2, 4)`)[1], -16);
  assertEquals(returns(`cpu0 charge(2, 5)\ncpu0 set_max(2, 5)`)[1], 0);
  assertEquals(returns(`cpu0 charge(2, 5)\ncpu0 set_max(1, 4)`)[1], -16, "the level above");
});

Deno.test("set_max fails and restores the old limit if a charge came in between", () => {
  const r = m.run(`
    cpu0 set_max(2, 4)
    cpu1 try_charge(2, 6)
    cpu0 try_charge(2, 7)
    schedule:
    cpu0 until page_counter_set_max: xchg
    cpu1 until end
    cpu0 until end
  `);
  assertEquals([r.title, ...r.returns], [null, -16, -1, -1], "the old limit is in force again");
});

Deno.test("a charge that fits can fail because of one that does not, and neither leaves pages", () => {
  const r = m.run(`
    boot set_max(0, 5)
    cpu0 try_charge(2, 6)
    cpu1 try_charge(2, 3)
    cpu0 usage(0)
    schedule:
    cpu0 until page_counter_try_charge: load max #3
    cpu1 until end
    cpu0 until end
  `);
  assertEquals([r.title, r.unreached], [null, 0]);
  assertEquals(r.returns.slice(1), [0, 0, 0]);
});

Deno.test("an uncharge of more than was charged warns at the level of the underflow", () => {
  const r = m.run(`cpu0 charge(0, 2)\ncpu0 uncharge(1, 1)`);
  assertEquals(r.title, "WARNING in page_counter_cancel");
  assertEquals(r.text, "page_counter underflow: -1 nr_pages=1");
  assertEquals(r.stack.slice(-2), ["page_counter_uncharge", "page_counter_cancel"]);
});

const OPS = fc.array(
  fc.record({ cpu: fc.nat(2), level: fc.nat(2), pages: fc.nat(6) }),
  { minLength: 1, maxLength: 12 },
);

Deno.test("at quiescence the usage is the sum of the charges, under any schedule", () => {
  fc.assert(
    fc.property(
      OPS,
      fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(2)), { maxLength: 10 }),
      (ops, events) => {
        const r = m.run(`
          boot set_max(0, 20)
          boot set_max(1, 12)
          boot set_max(2, 6)
          ${ops.map((o) => `cpu${o.cpu} try_charge(${o.level}, ${o.pages})`).join("\n")}
          schedule: numeric
          order cpu0 cpu1 cpu2
          ${events.map(([gap, cpu]) => `+${gap} switch cpu${cpu}`).join("\n")}
        `);
        assertEquals(r.title, null);
        const charged = [0, 0, 0];
        ops.forEach((o, i) => {
          if (r.returns[3 + i] === -1) { for (let l = 0; l <= o.level; l++) charged[l] += o.pages; }
        });
        assert(charged[0] <= 20 && charged[1] <= 12 && charged[2] <= 6, `${charged}`);
        const end = new Map(
          r.trace.filter((p) => p.field === "counter.usage")
            .map((p) => [p.object, Number(p.value)]),
        );
        charged.forEach((n, l) => assertEquals(end.get(`level#${l}`) ?? 0, n));
      },
    ),
    RUNS,
  );
});
