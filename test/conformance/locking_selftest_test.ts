import { assertEquals } from "@std/assert";
import { file, makeMachine } from "../machine/harness.ts";
import { SANITIZERS } from "../sanitizers/names.ts";
import { inapplicable } from "./locking_selftest/inapplicable.ts";
import type { Case } from "./locking_selftest/kit.ts";
import { conformance } from "./table.ts";

// The suite tests lockdep only. Other sanitizers would report first: cases end with locks held.
const m = await makeMachine({
  cpus: 1,
  target: file("test/conformance/locking_selftest_target.ts"),
  without: SANITIZERS.filter((s) => s !== "lockdep"),
});
const { cases } = await import("./locking_selftest_target.ts") as { cases: readonly Case[] };

function observe(n: number): string {
  const r = m.run(`cpu0 run_case(${n})`);
  assertEquals(m.run(`cpu0 run_case(${n})`, { trace: false }).title, r.title, "in the fuzz loop");
  const none = m.run(`cpu0 run_case(${n})`, { preempt: "none" });
  assertEquals(none.title, r.title, "without kernel preemption");
  if (r.title === null) return "silent";
  return r.oracle === "lockdep" ? "report" : r.title;
}

/** Kinds of reports that a family of cases may show; the kernel's suite does not check the kind. */
const KINDS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(A-A|recursive|mixed (read-write|write-read)-lock)/, ["recursion"]],
  [/^(A-B|mixed .* ABBA|chain cached|rlock W)/, ["cycle"]],
  [/^double unlock/, ["unlock"]],
  [/^initialize held/, ["held-freed"]],
  [/^(hard|soft)-(irqs-on|safe-A \+ irqs-on)|^sirq-safe-A/, ["lock-state"]],
  [/^(hard|soft)-irq read-recursion\//, ["lock-state"]],
  [/^(hard|soft)-safe-A \+ unsafe-B #1/, ["lock-state", "irq-inversion", "irq-order"]], // A as well
  [/^(hard|soft)-(safe-A|irq )/, ["irq-inversion", "irq-order"]],
  [/^hardirq read-lock/, ["cycle"]],
  [/^(hardirq inversion|local_lock|hardirq_unsafe)/, ["irq-inversion", "irq-order"]],
  [/^in /, ["wait-context"]],
];

Deno.test("lib/locking-selftest.c: every report is of the expected kind", () => {
  cases.forEach(({ name, expected }, n) => {
    if (expected === "silent") return;
    const kinds = KINDS.find(([names]) => names.test(name))?.[1] ?? [];
    const { kind } = m.run(`cpu0 run_case(${n})`);
    assertEquals(kinds.includes(kind), true, `${name}: ${kind}`);
  });
});

conformance({
  detector: "lockdep",
  suite: "lib/locking-selftest.c",
  cases: [
    ...cases.map(({ name, expected }, n) => ({ name, expected, observe: () => observe(n) })),
    ...inapplicable,
  ],
});
