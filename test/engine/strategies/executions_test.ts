import { assert, assertEquals } from "@std/assert";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { Executions } from "../../../src/engine/strategies/executions.ts";
import type { NumericEvent } from "../../../src/prog/types.ts";
import { meetingsWith, type Turns, turnsOf } from "./meetings.ts";
import { eventsOf, packed } from "./schedules.ts";

const DEMOTED: NumericEvent[] = [{ gap: 5, action: "demote" }];
const rng = new Rng(1);

/** An execution with these turns, and a meeting at that position. */
function execution(turns: Turns, position = 1, count = 1) {
  return meetingsWith({ count, position: (m) => position + m, ...turnsOf(turns) });
}

Deno.test("an execution is kept with its schedule, its meetings and its turns", () => {
  const all = new Executions();
  const schedule = packed(DEMOTED);
  all.note(execution([[0, 0], [5, 1]], 3), schedule, rng);
  schedule.fill(0);
  const kept = all.last!;
  assertEquals(eventsOf(kept.schedule), "5 demote");
  assertEquals([kept.count, kept.position(0), kept.turns, kept.turnActor(1)], [1, 3, 2, 1]);
});

Deno.test("one that has been before is not kept again; the shorter schedule leads to it", () => {
  const all = new Executions();
  all.note(execution([[0, 0]]), packed(DEMOTED), rng);
  const kept = all.last!;
  all.note(execution([[0, 0]], 1, 2), packed([]), rng);
  assertEquals([all.last, all.count], [null, 1]);
  assertEquals([eventsOf(kept.schedule), kept.count], ["", 2], "and more is known of it");
});

Deno.test("plain() finds the execution whose CPUs ran one after the other, in that order", () => {
  const all = new Executions();
  all.note(execution([[0, 1], [9, 0]]), packed([], [1, 0]), rng);
  all.note(execution([[0, 0], [5, 1]]), packed(DEMOTED), rng);
  assert(all.plain(packed([], [1, 0]), 2) !== null);
  assertEquals(all.plain(packed([]), 2), null);
});

Deno.test("choose() prefers the schedule with fewer events, and the memory is bounded", () => {
  const all = new Executions();
  all.note(execution([[0, 0]]), packed([]), rng);
  all.note(execution([[0, 0], [5, 1]]), packed(DEMOTED), rng);
  let plain = 0;
  for (let i = 0; i < 100; i++) if (all.choose(rng).events === 0) plain++;
  assert(plain > 60 && plain < 95, String(plain));
  for (let i = 0; i < 200; i++) all.note(execution([[0, 0], [10 + i, 1]]), packed(DEMOTED), rng);
  assertEquals(all.count, 32);
  all.clear();
  assertEquals([all.count, all.last], [0, null]);
});
