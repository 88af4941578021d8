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

Deno.test("withHash() finds an execution as long as it is kept", () => {
  const all = new Executions();
  all.note(execution([[0, 0]]), packed([]), rng);
  const { hash } = all.last!;
  assertEquals(all.withHash(hash), all.last);
  assertEquals(all.withHash(hash + 1), null);
  all.clear();
  assertEquals(all.withHash(hash), null);
});

Deno.test("new meetings of an execution wait to be turned round, and those that are known later", () => {
  const all = new Executions();
  const met = (count: number) => ({
    ...execution([[0, 0], [9, 1]], 10, count),
    key: (m: number) => m,
    written: () => 5,
    reader: () => 1,
  });
  const found = { execution: 0, position: 0 };
  const changed = new Uint32Array(8);
  all.note(met(1), packed([]), rng);
  const { hash } = all.last!;
  assert(all.unturned.take(found, changed, rng));
  assertEquals(found, { execution: hash, position: 10 });
  all.note(met(2), packed([]), rng); // the same execution; actors have met elsewhere since
  assert(all.unturned.take(found, changed, rng));
  assertEquals(found, { execution: hash, position: 11 });
  assert(!all.unturned.take(found, changed, rng));
});
