import { assert } from "@std/assert";
import { TriedSchedules } from "../../../src/engine/strategies/tried_schedules.ts";
import type { NumericEvent } from "../../../src/prog/types.ts";
import { packed } from "./schedules.ts";

const interruptAt = (gap: number): NumericEvent[] => [{ gap, action: "interrupt" }];

Deno.test("a schedule is taken once: its order and its events count", () => {
  const tried = new TriedSchedules();
  assert(tried.take(packed([]), 2));
  assert(!tried.take(packed([]), 2));
  assert(tried.take(packed([], [1, 0]), 2));
  assert(tried.take(packed(interruptAt(7)), 2));
  assert(tried.take(packed([{ gap: 7, action: "demote" }]), 2));
  assert(tried.take(packed([{ gap: 3, action: "demote" }, { gap: 4, action: "interrupt" }]), 2));
  assert(!tried.take(packed(interruptAt(7)), 2));
});

Deno.test("takeAll() takes the last event at all positions of a range", () => {
  const tried = new TriedSchedules();
  tried.takeAll(packed(interruptAt(7)), 2, 7, 9);
  assert(tried.take(packed(interruptAt(6)), 2));
  for (const gap of [7, 8, 9]) assert(!tried.take(packed(interruptAt(gap)), 2), String(gap));
  assert(tried.take(packed(interruptAt(10)), 2));
});

Deno.test("clear() forgets all, and a full table takes everything", () => {
  const tried = new TriedSchedules();
  tried.take(packed([]), 2);
  tried.clear();
  assert(tried.take(packed([]), 2));
  tried.takeAll(packed(interruptAt(1)), 2, 1, 3000);
  assert(tried.take(packed(interruptAt(4000)), 2));
  assert(tried.take(packed(interruptAt(4000)), 2), "it has no place");
  assert(!tried.take(packed(interruptAt(5)), 2), "what was noted before is known");
});
