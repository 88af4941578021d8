import { assertEquals } from "@std/assert";
import { makeMachine } from "../machine/harness.ts";
import { PLANTED } from "./plants.ts";

const m = await makeMachine({
  cpus: 2,
  target: PLANTED,
  stepLimit: 300,
  without: ["lockdep"],
});
const SLEEP = "BUG: sleeping function called from invalid context in ";
const SWITCH = "Illegal context switch in ";

/** Title and text of the report of an operation under a preemption model. */
function seen(op: string, preempt: "none" | "full" | "rt"): [string | null, string] {
  const r = m.run(`cpu0 ${op}`, { preempt });
  return [r.title, r.text];
}

Deno.test("sleeping in a reader is reported by rcu without preemptible RCU, and by might_sleep with it", () => {
  const op = "rcu_sleep_in_reader()";
  assertEquals(seen(op, "none"), [
    "WARNING: suspicious RCU usage in do_rcu_sleep_in_reader",
    `${SWITCH}RCU read-side critical section`,
  ]);
  for (const preempt of ["full", "rt"] as const) {
    assertEquals(seen(op, preempt), [
      `${SLEEP}do_rcu_sleep_in_reader`,
      "in_atomic: 0, irqs_disabled: 0, RCU nest depth: 1\nin an RCU reader, 1 deep",
    ]);
  }
});

Deno.test("sleeping in a bh or sched reader is reported as an illegal context switch", () => {
  for (const preempt of ["none", "full"] as const) {
    assertEquals(
      seen("rcu_sleep_in_bh_reader()", preempt)[1],
      `${SWITCH}RCU-bh read-side critical section`,
    );
  }
  assertEquals(seen("rcu_sleep_in_bh_reader()", "rt")[0], `${SLEEP}do_rcu_sleep_in_bh_reader`);
  for (const preempt of ["none", "full", "rt"] as const) {
    assertEquals(
      seen("rcu_sleep_in_sched_reader()", preempt)[1],
      `${SWITCH}RCU-sched read-side critical section`,
    );
  }
});

Deno.test("the report says why sleeping is not allowed", () => {
  const why = (op: string) => seen(op, "full")[1].split("\n")[1];
  assertEquals(why("sleep_irq()"), "interrupts are off");
  assertEquals(why("sleep_spinlock()"), "preemption is off, 1 deep");
  assertEquals(why("hardirq sleep_ok()"), "in a hardirq handler");
});

Deno.test("with rt nobody may wait for a sleeping lock with interrupts or preemption off", () => {
  for (const op of ["sleep_on_lock_irqs_off", "sleep_on_lock_preempt_off"]) {
    assertEquals(seen(`${op}()`, "rt")[0], `${SLEEP}do_${op}`);
    for (const preempt of ["none", "full"] as const) {
      assertEquals(seen(`${op}()`, preempt)[0], null);
    }
  }
});

Deno.test("with rt a reader and a handler may wait for a lock", () => {
  for (const preempt of ["none", "full", "rt"] as const) {
    assertEquals(seen("sleep_on_lock_ok()", preempt)[0], null);
    assertEquals(seen("hardirq sleep_on_lock_ok()", preempt)[0], null);
  }
});
