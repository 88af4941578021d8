import { assertEquals } from "@std/assert";
import { makeMachine } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { assertGolden } from "./golden.ts";
import { PLANTED } from "./plants.ts";

const m = await makeMachine({ cpus: 2, target: PLANTED, stepLimit: 300, stacks: true });

const SUSPICIOUS = "WARNING: suspicious RCU usage in ";
const BALANCE = "WARNING: bad unlock balance in ";
const ODEBUG = "WARNING: ODEBUG bug in ";

/**
 * Operations that are reported in their own function: start of the title, and the kernel's text.
 */
const PLANTS: Record<string, [string, string]> = {
  rcu_outside: [SUSPICIOUS, "suspicious rcu_dereference_check() usage"],
  rcu_outside_irqs_off: [SUSPICIOUS, "suspicious rcu_dereference_check() usage"],
  rcu_outside_preempt_off: [SUSPICIOUS, "suspicious rcu_dereference_check() usage"],
  rcu_outside_bh: [SUSPICIOUS, "suspicious rcu_dereference_check() usage"],
  rcu_after_unlock: [SUSPICIOUS, "suspicious rcu_dereference_check() usage"],
  rcu_check_wrong_lock: [SUSPICIOUS, "suspicious rcu_dereference_check() usage"],
  rcu_protected_in_reader: [SUSPICIOUS, "suspicious rcu_dereference_protected() usage"],
  rcu_replace_unlocked: [SUSPICIOUS, "suspicious rcu_dereference_protected() usage"],
  rcu_bh_in_reader: [SUSPICIOUS, "suspicious rcu_dereference_check() usage"],
  rcu_sched_in_reader: [SUSPICIOUS, "suspicious rcu_dereference_check() usage"],
  rcu_none_held: [SUSPICIOUS, "no reader of any flavour"],
  rcu_unlock_too_often: [BALANCE, "rcu_read_lock is left, but was never entered"],
  rcu_unlock_bh: [BALANCE, "rcu_read_lock_bh is left, but was never entered"],
  rcu_unlock_sched: [BALANCE, "rcu_read_lock_sched is left, but was never entered"],
  rcu_unlock_wrong_flavour: [BALANCE, "rcu_read_lock is left, but was never entered"],
};

for (const [op, [title, text]] of Object.entries(PLANTS)) {
  Deno.test(`rcu catches ${op}(), under any preemption model`, () => {
    for (const preempt of ["none", "full", "rt"] as const) {
      const r = m.run(`cpu0 ${op}()`, { preempt });
      assertEquals([r.title, r.text, r.oracle], [`${title}do_${op}`, text, "RCU"]);
      assertEquals(m.run(`cpu0 ${op}()`, { preempt, trace: false }).title, r.title);
    }
  });
}

Deno.test("rcu reports a head that is queued twice, or freed while it is queued", () => {
  const again = m.run(`cpu0 rcu_queued_twice()`);
  assertEquals(again.title, `${ODEBUG}do_rcu_queued_twice`);
  assertGolden("rcu/queued_twice", again.report);
  const freed = m.run(`cpu0 rcu_freed_while_queued()`);
  assertEquals(freed.title, `${ODEBUG}do_rcu_freed_while_queued`);
  assertEquals(
    freed.text.split("\n")[0],
    "free active object type: rcu_head, rcu_node#0.rcu is still queued",
  );
});

Deno.test("rcu reports synchronize_rcu() in a reader of any flavour", () => {
  for (const op of ["rcu_sync_in_reader", "rcu_sync_in_bh_reader"]) {
    const r = m.run(`cpu0 ${op}()`);
    assertEquals(r.title, `${SUSPICIOUS}synchronize_rcu`);
    assertEquals(r.text, "Illegal synchronize_rcu() in RCU read-side critical section");
  }
});

Deno.test("rcu reports in the kernel's form", () => {
  assertGolden("rcu/report", m.run(`cpu0 rcu_outside()`).report);
});

Deno.test("rcu is silent about correct code, under any preemption model", () => {
  const body = `
    cpu0 rcu_ok()
    cpu1 rcu_ok()
    cpu0 rcu_flavours_ok()
    cpu1 rcu_queued_again_ok()
    cpu0 rcu_queued_again_ok()
  `;
  for (const preempt of ["none", "full", "rt"] as const) {
    for (let gap = 1; gap < 40; gap++) {
      const order = `order cpu0 cpu1\n+${gap} switch cpu1\n+${gap} switch cpu0\n+5 softirq`;
      const r = m.run(`${body}\nschedule: numeric\n${order}`, { preempt });
      assertEquals([r.title, r.text], [null, ""]);
    }
  }
});

Deno.test("without rcu its plants pass, or others catch them", async () => {
  await withMachine({ target: PLANTED, cpus: 1, stepLimit: 300, without: ["rcu"] }, async (m) => {
    const title = async (op: string) => (await m.run(`cpu0 ${op}()`)).title;
    for (const op of ["rcu_outside", "rcu_replace_unlocked", "rcu_outside_irqs_off"]) {
      assertEquals(await title(op), null);
    }
    assertEquals(
      await title("rcu_sync_in_reader"),
      "BUG: sleeping function called from invalid context in synchronize_rcu",
    );
    assertEquals(await title("rcu_freed_while_queued"), null, "the callback touches nothing");
  });
});
