import { assertEquals } from "@std/assert";
import { makeMachine } from "../machine/harness.ts";
import { PLANTED, testReported } from "./plants.ts";
import { AGAIN, FIRST, NUMERIC } from "../../src/machine/executor.ts";

const m = await makeMachine({
  cpus: 2,
  target: PLANTED,
  stepLimit: 400,
  stacks: true,
});

/** For each golden file: programs and their titles. */
const PLANTS: Record<string, Record<string, string>> = {
  "lockdep/state": {
    "cpu0 lock_c()\ncpu0 hardirq lock_c()": "WARNING: inconsistent lock state: lock_c",
    "cpu1 hardirq lock_c()\ncpu0 lock_c()": "WARNING: inconsistent lock state: lock_c",
    "cpu0 lock_c()\ncpu0 softirq lock_c()": "WARNING: inconsistent lock state: lock_c",
    "cpu0 hardirq lock_c()\ncpu1 lock_bh()": "WARNING: inconsistent lock state: lock_c",
    "cpu0 lock_raw()\ncpu1 nmi lock_raw()": "WARNING: inconsistent lock state: raw_lock",
    "cpu0 nmi lock_raw()\ncpu1 lock_raw_try()": "WARNING: inconsistent lock state: raw_lock",
    "cpu0 hardirq lock_write()\ncpu1 lock_read()": "WARNING: inconsistent lock state: rw_lock",
  },
  "lockdep/inversion": {
    "cpu0 lock_cd()\ncpu0 hardirq lock_safe_c()\ncpu1 lock_d()":
      "WARNING: possible irq lock inversion dependency detected: lock_d",
    "cpu0 lock_cd()\ncpu0 lock_d()\ncpu1 hardirq lock_safe_c()":
      "WARNING: possible irq lock inversion dependency detected: lock_c",
  },
  "lockdep/irq_order": {
    "cpu0 hardirq lock_safe_c()\ncpu0 lock_d()\ncpu1 lock_cd()":
      "WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order: lock_c and lock_d",
    "cpu0 softirq lock_safe_c()\ncpu0 lock_d()\ncpu1 lock_cd()":
      "WARNING: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order: lock_c and lock_d",
  },
  "lockdep/cycle": {
    "cpu0 lock_sem()\ncpu1 lock_sem_back()":
      "WARNING: possible circular locking dependency: mutex_n and sem",
  },
  "lockdep/class": {
    "cpu0 lock_same_class()": "WARNING: possible recursive locking of lock_e in do_lock_same_class",
    "cpu0 lock_read_twice()":
      "WARNING: possible recursive locking of rw_lock in do_lock_read_twice",
  },
  "lockdep/unlock": { "cpu0 lock_unlock_twice()": "WARNING: bad unlock balance: lock_c" },
  "lockdep/freed": { "cpu0 lock_freed()": "WARNING: held lock freed: door->lock" },
  "lockdep/context": { "cpu0 lock_in_raw()": "BUG: Invalid wait context: lock_c" },
  "lockdep/assert": {
    "cpu0 lock_assert()": "WARNING in do_lock_assert",
    "cpu0 lock_assert_not()": "WARNING in do_lock_assert_not",
  },
};
for (const [golden, plants] of Object.entries(PLANTS)) testReported(m, golden, plants);

Deno.test("a lock that must not be taken in a context is reported under any preemption model", () => {
  for (const preempt of ["none", "full", "rt"] as const) {
    const raw = m.run("cpu0 lock_in_raw()", { preempt });
    assertEquals(raw.title, "BUG: Invalid wait context: lock_c", preempt);
    // Without rt a mutex under a spinlock is reported by might_sleep first.
    const sleeping = "BUG: sleeping function called from invalid context in do_lock_mutex_in_spin";
    const spin = m.run("cpu0 lock_mutex_in_spin()", { preempt });
    const context = "BUG: Invalid wait context: mutex_n";
    assertEquals(spin.title, preempt === "rt" ? context : sleeping);
    const bh = m.run("cpu0 lock_mutex_in_bh()", { preempt });
    assertEquals(bh.title, preempt === "rt" ? context : sleeping.replace("spin", "bh"));
  }
});

Deno.test("more locks than a CPU can hold are no bug of the kernel", () => {
  const r = m.run("cpu0 lock_many()");
  assertEquals([r.oracle, r.text], ["harness", "more than 16 locks held by one CPU"]);
});

Deno.test("executions that reuse the state after boot operations report the same", async () => {
  const { load, titleOf } = await import("../../src/engine/inputs/input.ts");
  const { executor } = m;
  const bodies = Object.values(PLANTS).flatMap(Object.entries);
  for (const [body, title] of [...bodies, ...Object.values(CORRECT).map((b) => [b, null])]) {
    // The first operation of a task becomes a boot operation.
    const boot = body!.trim().replace(/^cpu0 (?!softirq|hardirq|nmi)/, "boot ");
    const p = m.parse(`${boot}\ncpu0 lock_c()`);
    assertEquals(load(executor, p, m.spec), []);
    for (const repetition of [FIRST, AGAIN, AGAIN] as const) {
      executor.execute(NUMERIC, repetition);
      const found = titleOf(executor);
      const clash = found === "WARNING: inconsistent lock state: lock_c";
      if (!clash) assertEquals(found, title, boot);
    }
  }
});

/** Programs that are correct under every schedule. */
const CORRECT: Record<string, string> = {
  "interrupts off around what a hardirq takes": `
    cpu0 lock_safe_c()
    cpu0 hardirq lock_safe_c()
    cpu1 lock_safe_c()
    cpu1 softirq lock_safe_c()
  `,
  "bottom halves off around what a softirq takes": `
    cpu0 lock_bh()
    cpu1 softirq lock_bh()
    cpu1 lock_bh()
  `,
  "orders that agree": `
    cpu0 lock_cd()
    cpu1 lock_cd()
    cpu1 hardirq lock_cd()
    cpu0 lock_sem()
    cpu1 lock_sem()
  `,
  "nesting that is annotated": `
    cpu0 lock_nested()
    cpu1 lock_nested()
  `,
  "a trylock in an NMI": `
    cpu0 lock_raw()
    cpu0 nmi lock_raw_try()
    cpu1 lock_raw()
  `,
  "readers in task and hardirq, a writer with interrupts off": `
    cpu0 lock_read()
    cpu0 hardirq lock_read()
    cpu1 lock_write()
  `,
  "a raw lock in a spinlock, a trylock of a local lock, sections in order": `
    cpu0 lock_raw_in_spin()
    cpu0 lock_local_try()
    cpu1 lock_local()
    cpu1 hardirq lock_local_try()
    cpu1 irq_sections()
    cpu0 irq_enable()
    cpu0 lock_assert_ok()
  `,
};
for (const [what, body] of Object.entries(CORRECT)) {
  Deno.test(`lockdep is silent about ${what}, under any preemption model`, () => {
    for (const preempt of ["none", "full", "rt"] as const) {
      for (let gap = 1; gap < 25; gap += 2) {
        const order =
          `+${gap} interrupt\n+${gap} switch cpu1\n+${gap} interrupt\n+${gap} switch cpu0`;
        const r = m.run(`${body}\nschedule: numeric\norder cpu0 cpu1\n${order}`, { preempt });
        assertEquals([r.title, r.text], [null, ""], `${preempt} ${gap}`);
      }
    }
  });
}

Deno.test("a local_trylock in a handler fails if the interrupted task holds the lock", () => {
  const r = m.run(`
    cpu0 lock_local()
    cpu0 hardirq lock_local_try()
    schedule:
    cpu0 until do_lock_local: store #2
    cpu0 interrupt
    cpu0 until end
  `);
  assertEquals([r.title, r.returns], [null, [0, 1]]);
});

Deno.test("orders seen in boot operations count in every following execution of the program", async () => {
  const { load, titleOf } = await import("../../src/engine/inputs/input.ts");
  const { executor } = m;
  const p = m.parse(`boot lock_sem()\ncpu0 lock_c()\ncpu1 lock_sem_back()`);
  const title = "WARNING: possible circular locking dependency: mutex_n and sem";
  assertEquals(load(executor, p, m.spec), []);
  for (const repetition of [FIRST, AGAIN, AGAIN] as const) {
    executor.execute(NUMERIC, repetition);
    assertEquals(titleOf(executor), title);
  }
  assertEquals(m.run(`cpu1 lock_sem_back()`).title, null, "and for no other program");
});

Deno.test("orders() shows the lock orders of the last execution", async () => {
  const { lockClassName } = await import("../../src/machine/locks/lock_class.ts");
  m.run(`cpu0 lock_cd()\ncpu1 lock_cd()\ncpu1 lock_sem()`);
  const orders = m.executor.lockOrders;
  const seen = Array.from({ length: orders.count() }, (_, i) => {
    const order = orders.at(i);
    return `${lockClassName(orders.from(order))} -> ${lockClassName(orders.to(order))}`;
  });
  assertEquals(seen, ["lock_c -> lock_d", "mutex_n -> sem"]);
});
