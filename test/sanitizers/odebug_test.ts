import { assertEquals } from "@std/assert";
import { makeMachine } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { assertGolden } from "./golden.ts";
import { PLANTED, testCaught, testSilent } from "./plants.ts";

const m = await makeMachine({ cpus: 2, target: PLANTED, stepLimit: 300, stacks: true });

/** What each plant is reported as, in the function of its operation. */
const PLANTS: Record<string, string> = {
  odebug_init_work: "ODEBUG: init active (active state 0) object type: work_struct",
  odebug_free_work: "ODEBUG: free active (active state 0) object type: work_struct",
  odebug_init_timer: "ODEBUG: init active (active state 0) object type: timer_list",
  odebug_free_timer: "ODEBUG: free active (active state 0) object type: timer_list",
  odebug_init_head: "ODEBUG: init active (active state 1) object type: rcu_head",
};
for (const [op, title] of Object.entries(PLANTS)) testCaught(m, op, `${title} in do_${op}`);

Deno.test("odebug says what the kernel prints, and which object it is", () => {
  const r = m.run(`cpu0 odebug_init_work()`);
  assertEquals([r.oracle, ...r.text.split("\n").slice(0, 2)], [
    "ODEBUG",
    `${PLANTS.odebug_init_work} hint: odebug_gadget_work`,
    "odebug_gadget#0.work is queued",
  ]);
  assertGolden("odebug/init_work", r.report);
  assertGolden("odebug/init_timer", m.run(`cpu0 odebug_init_timer()`).report);
});

for (const op of ["odebug_work_ok", "odebug_timer_ok", "odebug_head_ok"]) {
  testSilent(m, "odebug", op);
}

Deno.test("a timer runs once after it was started, unless it is stopped", () => {
  assertEquals(m.run(`cpu0 odebug_timer_ok()`).returns, [0b1_0011_100]);
  const r = m.run(`cpu0 odebug_timer_ok()`);
  const ran = r.trace.filter((p) => p.stack.includes("odebug_gadget_timer"));
  assertEquals(new Set(ran.map((p) => p.context)), new Set(["softirq"]));
});

Deno.test("without odebug its plants pass, or others catch them", async () => {
  const options = { target: PLANTED, cpus: 1, stepLimit: 300, without: ["odebug"] };
  await withMachine(options, async (m) => {
    for (const op of ["odebug_init_work", "odebug_init_timer", "odebug_init_head"]) {
      assertEquals((await m.run(`cpu0 ${op}()`)).title === `${PLANTS[op]} in do_${op}`, false);
    }
  });
});
