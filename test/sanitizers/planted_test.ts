import { assertEquals } from "@std/assert";
import { makeMachine } from "../machine/harness.ts";
import { assertGolden } from "./golden.ts";
import { PLANTED } from "./plants.ts";

const m = await makeMachine({
  cpus: 2,
  target: PLANTED,
  stepLimit: 300,
  stacks: true,
});
const RESURRECT = "cpu0 refcount_resurrect()\ncpu0 refcount_get()";

/** Programs and their titles, by the sanitizer that reports them. */
const PLANTS: Record<string, Record<string, string>> = {
  kasan: {
    "cpu0 kasan_uaf_read()": "KASAN: slab-use-after-free Read in widget_read",
    "cpu0 kasan_uaf_write()": "KASAN: slab-use-after-free Write in widget_write",
    "cpu0 kasan_double_free()": "KASAN: double-free in widget_free",
    "cpu0 kasan_out_of_bounds()": "KASAN: slab-out-of-bounds Read in do_kasan_out_of_bounds",
    "cpu0 kasan_wild()": "KASAN: wild-memory-access Read in widget_read",
    "cpu0 kasan_free_static()": "KASAN: invalid-free in do_kasan_free_static",
    "cpu0 kasan_free_middle()": "KASAN: invalid-free in do_kasan_free_middle",
  },
  kmsan: {
    "cpu0 kmsan_return()": "KMSAN: uninit-value in do_kmsan_return",
    "cpu0 kmsan_field()": "KMSAN: uninit-value in widget_read",
  },
  refcount: {
    [RESURRECT]: "refcount: 0 -> 1 in do_refcount_get",
    "cpu0 refcount_resurrect()\ncpu0 refcount_put()": "refcount: underflow in do_refcount_put",
    "cpu0 refcount_resurrect()\ncpu0 refcount_exit()\ncpu0 refcount_get()":
      "percpu_ref: use after exit in do_refcount_get",
  },
  lockdep: {
    "cpu0 lockdep_recursion()": "WARNING: possible recursive locking of lock_a in in_order",
    "cpu0 lockdep_ab()\ncpu1 lockdep_ba()":
      "WARNING: possible circular locking dependency: lock_a and lock_b",
    "cpu1 lockdep_ba()\ncpu0 lockdep_ab()":
      "WARNING: possible circular locking dependency: lock_a and lock_b",
  },
  balance: {
    "cpu0 balance_irq()": "WARNING: irqs left off",
    "cpu0 balance_preempt()": "WARNING: preemption left off",
    "cpu0 balance_rcu()": "WARNING: lock held when returning to user space: rcu_read_lock",
    "cpu0 balance_lock()": "WARNING: lock held when returning to user space: mutex_m",
  },
  kmemleak: {
    "cpu0 leak_nobody()": "memory leak: widget that nobody points to",
    "cpu0 leak_held()": "memory leak: widget held by shelf.head",
    "cpu0 leak_chain()": "memory leak: widget held by shelf.head",
  },
  might_sleep: {
    "cpu0 sleep_irq()": "BUG: sleeping function called from invalid context in do_sleep_irq",
    "cpu0 sleep_spinlock()":
      "BUG: sleeping function called from invalid context in do_sleep_spinlock",
    "cpu0 sleep_rcu()": "WARNING: suspicious RCU usage in synchronize_rcu",
    "cpu0 hardirq sleep_ok()": "BUG: sleeping function called from invalid context in do_sleep_ok",
  },
  machine: {
    "cpu0 kasan_null()": "KASAN: null-ptr-deref in do_kasan_null",
    "cpu0 warn()": "WARNING in do_warn",
    "cpu0 bug()": "kernel BUG in do_bug",
    "cpu0 lockup()": "BUG: soft lockup in do_lockup",
  },
};

for (const [sanitizer, plants] of Object.entries(PLANTS)) {
  for (const [body, title] of Object.entries(plants)) {
    const ops = body.split("\n").map((l) => l.replace(/^cpu\d /, "")).join(", ");
    Deno.test(`${sanitizer} catches ${ops}`, () => {
      const r = m.run(body);
      assertEquals(r.title, title);
      assertEquals(m.run(body, { trace: false }).title, title, "in the fuzz loop as well");
    });
  }
  const first = Object.keys(plants)[0];
  Deno.test(`${sanitizer} reports in the kernel's form`, () => {
    assertGolden(`${sanitizer}/report`, m.run(first).report);
  });
}

const CORRECT: Record<string, string> = {
  kasan: "cpu0 kasan_ok()\ncpu1 kasan_ok()",
  kmsan: "cpu0 kmsan_ok()\ncpu1 kmsan_ok()",
  refcount: "cpu0 refcount_resurrect()\ncpu0 refcount_free()",
  lockdep: "cpu0 lockdep_ab()\ncpu1 lockdep_ab()\ncpu1 lockdep_try_ba()",
  balance: "cpu0 balance_nested()\ncpu1 balance_nested()",
  kmemleak: "cpu0 leak_ok()\ncpu1 kasan_ok()",
  might_sleep: "cpu0 sleep_ok()\ncpu1 sleep_ok()",
  machine: "cpu0 warn_ok()\ncpu1 progress()",
};
for (const [sanitizer, body] of Object.entries(CORRECT)) {
  Deno.test(`${sanitizer} is silent about correct code, under any preemption model`, () => {
    for (const preempt of ["none", "full", "rt"] as const) {
      for (let gap = 1; gap < 25; gap += 2) {
        const order = body.includes("cpu1") ? `+${gap} switch cpu1\n+${gap} switch cpu0` : "";
        const r = m.run(`${body}\nschedule: numeric\norder cpu0 cpu1\n${order}`, { preempt });
        assertEquals([r.title, r.text], [null, ""]);
      }
    }
  });
}

Deno.test("kasan names who allocated and who freed an object that another CPU still uses", () => {
  const r = m.run(`
    cpu0 w = make()
    cpu1 free(w)
    cpu0 read(w)
    schedule:
    cpu0 until widget_read
    cpu1 until end
    cpu0 until end
  `);
  assertEquals(r.title, "KASAN: slab-use-after-free Read in widget_read");
  assertGolden("kasan/two_cpus", r.report);
});

Deno.test("a finding replays to the same report, also from its symbolic schedule", () => {
  for (const body of Object.values(PLANTS).flatMap((p) => Object.keys(p))) {
    const p = m.parse(body);
    const first = m.run(p);
    assertEquals(m.run(p).report, first.report);
    m.run(p);
    const symbolic = m.recorded(p);
    assertEquals([m.run(symbolic).title, m.run(symbolic).hash], [first.title, first.hash]);
  }
});
