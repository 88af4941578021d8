import { assertEquals } from "@std/assert";
import { bandsOf, gracePeriodsOf, levelOf, switchesOf, threadsOf } from "../../src/page/lanes.ts";
import { at, dataOf } from "./points.ts";

const WORK = ["process_one_work", "drain_local_stock"];
const SOFTIRQ = { context: "softirq", op: -1, stack: ["free_fn"] };

Deno.test("threadsOf() nests what interrupts, and keeps the parts in which a thread ran", () => {
  const points = [
    at(0, 1, "charge", "load", "stock#0.bytes", "1"),
    at(0, -1, "free", "load", "stock#0.bytes", "1", SOFTIRQ),
    at(1, 2, "rmdir", "load", "stock#0.bytes", "1"),
    at(0, 1, "charge", "store", "stock#0.bytes", "2"),
    at(0, -1, "free", "load", "stock#0.bytes", "2", SOFTIRQ),
    at(1, -1, "drain", "load", "stock#0.bytes", "2", { stack: WORK }),
  ];
  const threads = threadsOf(dataOf(points));
  assertEquals(threads.map(({ cpu, label, level, runs }) => [cpu, level, label, runs]), [
    [0, "task", "charge(a)", [{ from: 0, to: 0 }, { from: 3, to: 3 }]],
    [0, "softirq", "free_fn", [{ from: 1, to: 1 }]],
    [1, "task", "rmdir(a)", [{ from: 2, to: 2 }]],
    [0, "softirq", "free_fn", [{ from: 4, to: 4 }]],
    [1, "kworker", "drain_local_stock", [{ from: 5, to: 5 }]],
  ]);
  assertEquals(levelOf(points[5]), "kworker");
});

Deno.test("bandsOf() goes from the point that takes to the last one that has", () => {
  const lock = (locks: string[], irqOff: boolean, inRcu = false) =>
    at(0, 1, "f", "load", "a#0.b", "0", { locks, irqOff, inRcu });
  const other = at(1, 2, "g", "load", "a#0.b", "0");
  const points = [
    lock([], false),
    lock([], true),
    other,
    lock(["css_set_lock#0"], true),
    lock(["css_set_lock#0"], true, true),
    lock([], true),
    lock([], false),
  ];
  assertEquals(bandsOf(points), [
    { cpu: 0, from: 0, to: 5, kind: "irq", label: "interrupts off" },
    { cpu: 0, from: 3, to: 4, kind: "rcu", label: "RCU read-side section" },
    { cpu: 0, from: 1, to: 4, kind: "lock", label: "css_set_lock#0" },
  ]);
});

Deno.test("gracePeriodsOf() goes from call_rcu() to the callback, or to the end", () => {
  const points = [
    at(0, 1, "kill", "call_rcu", "css#1.rcu.next", "NULL"),
    at(0, 1, "kill", "store", "css#1.rcu.func", "free_fn"),
    at(0, 1, "kill", "call_rcu", "css#2.rcu.next", "NULL"),
    at(0, 1, "kill", "store", "css#2.rcu.func", "other_fn"),
    at(1, 2, "wait", "synchronize_rcu", "css#1.flags", "0"),
    at(0, -1, "free", "load", "css#1.flags", "0", SOFTIRQ),
    at(1, 2, "wait", "load", "css#1.flags", "0"),
  ];
  assertEquals(gracePeriodsOf(points), [
    { from: 0, to: 5, label: "free_fn" },
    { from: 2, to: 6, label: "other_fn, not over" },
    { from: 4, to: 6, label: "synchronize_rcu" },
  ]);
});

Deno.test("switchesOf() has the first point of every turn but the first, with the reason", () => {
  const points = [
    at(0, 1, "f", "load", "a#0.b", "0"),
    at(1, 2, "g", "load", "a#0.b", "0", { switchReason: "blocked" }),
    at(1, 2, "g", "load", "a#0.b", "0"),
    at(0, 1, "f", "load", "a#0.b", "0"),
  ];
  assertEquals(switchesOf(points), [
    { at: 1, to: 1, reason: "blocked" },
    { at: 3, to: 0, reason: "schedule" },
  ]);
});
