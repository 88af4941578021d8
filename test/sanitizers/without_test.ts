import { assertEquals } from "@std/assert";
import type { MachineOptions } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { PLANTED } from "./plants.ts";

const OPTIONS: MachineOptions = { target: PLANTED, stepLimit: 300 };

/**
 * For each sanitizer: its planted bugs, and their titles without it; null if nothing is reported.
 */
const WITHOUT: Record<string, Record<string, string | null>> = {
  kasan: {
    "cpu0 kasan_uaf_read()": null,
    // The write marks the cell as live, and so the object counts as allocated again.
    "cpu0 kasan_uaf_write()": "memory leak: widget that nobody points to",
    "cpu0 kasan_double_free()": null,
    "cpu0 kasan_free_static()": null,
    // The machine itself catches NULL dereferences, because a NULL pointer is `null`.
    "cpu0 kasan_null()": "KASAN: null-ptr-deref in do_kasan_null",
  },
  kmsan: { "cpu0 kmsan_return()": null, "cpu0 kmsan_field()": null },
  refcount: {
    // The counters are never freed, which is a second bug of this operation.
    "cpu0 refcount_resurrect()\ncpu0 refcount_get()\ncpu0 refcount_free()": null,
    "cpu0 refcount_resurrect()\ncpu0 refcount_put()\ncpu0 refcount_free()": null,
  },
  lockdep: {
    "cpu0 lockdep_ab()\ncpu1 lockdep_ba()": null,
    // The CPU that waits for the lock holds it: the machine sees that no CPU can go on.
    "cpu0 lockdep_recursion()": "INFO: task hung in in_order",
  },
  balance: {
    "cpu0 balance_irq()": null,
    "cpu0 balance_preempt()": null,
    "cpu0 balance_rcu()": null,
    "cpu0 balance_lock()": null,
    // The next CPU that wants the lock waits for ever.
    "cpu0 balance_lock()\ncpu1 balance_lock()": "INFO: task hung in do_balance_lock",
  },
  "irq-state": {
    "cpu0 irq_restore_on()": null,
    // After restores in the wrong order, interrupts stay as the inner section found them.
    "cpu0 irq_wrong_flags()": "WARNING: irqs left off",
    "cpu0 hardirq irq_enable()": null,
    "cpu0 lock_c()\ncpu0 hardirq irq_lock()": "WARNING: inconsistent lock state: lock_c",
  },
  might_sleep: { "cpu0 sleep_irq()": null },
  kmemleak: { "cpu0 leak_nobody()": null, "cpu0 leak_held()": null },
};

for (const [sanitizer, plants] of Object.entries(WITHOUT)) {
  Deno.test(`without ${sanitizer} its plants pass, or others catch them`, async () => {
    const cpus = Object.keys(plants).some((body) => body.includes("cpu1")) ? 2 : 1;
    await withMachine({ ...OPTIONS, cpus, without: [sanitizer] }, async (m) => {
      for (const [body, title] of Object.entries(plants)) {
        assertEquals((await m.run(body)).title, title, body);
      }
    });
  });
}

Deno.test("without any sanitizer the machine still reports its own findings", async () => {
  const { SANITIZERS } = await import("./names.ts");
  await withMachine({ ...OPTIONS, cpus: 1, without: SANITIZERS }, async (m) => {
    const title = async (body: string) => (await m.run(body)).title;
    assertEquals(await title("cpu0 kasan_uaf_read()\ncpu0 leak_held()\ncpu0 balance_irq()"), null);
    assertEquals(await title("cpu0 warn()"), "WARNING in do_warn");
    assertEquals(await title("cpu0 bug()"), "kernel BUG in do_bug");
    assertEquals(await title("cpu0 lockup()"), "BUG: soft lockup in do_lockup");
    assertEquals(await title("cpu0 kasan_null()"), "KASAN: null-ptr-deref in do_kasan_null");
  });
});
