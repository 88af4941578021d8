import { assertEquals } from "@std/assert";
import { copySchedule, KeptExecution } from "../../../src/engine/strategies/kept_execution.ts";
import { unpackNumeric } from "../../../src/prog/pack.ts";
import { meetingsWith, turnsOf } from "./meetings.ts";
import { eventsOf, packed } from "./schedules.ts";

Deno.test("copySchedule() copies the order and the events, and no event of before is left", () => {
  const to = packed([{ gap: 1, action: "demote" }, { gap: 2, action: "interrupt" }]);
  copySchedule(packed([{ gap: 4, action: "switch", cpu: 1 }], [1, 0]), to);
  const { order, events } = unpackNumeric(to, 2);
  assertEquals(order, [1, 0]);
  assertEquals(events, [{ gap: 4, action: "switch", cpu: 1 }]);
});

Deno.test("a kept execution tells what the executor told, whatever that runs next", () => {
  let run = 1;
  const m = meetingsWith({
    count: 2,
    position: (i) => run * 10 + i,
    key: (i) => run * 20 + i,
    written: () => run,
    writer: () => 1,
    reader: () => 2,
    cell: (i) => 40 + i,
    ...turnsOf([[0, 0], [9, 1]]),
  });
  const e = new KeptExecution();
  e.keep(m, packed([{ gap: 3, action: "kworker" }]), 77);
  run = 2;
  const told = () => [e.position(1), e.key(1), e.written(1), e.writer(1), e.reader(1), e.cell(1)];
  assertEquals(told(), [11, 21, 1, 1, 2, 41]);
  assertEquals([e.count, e.turns, e.turnStart(1), e.turnActor(1)], [2, 2, 9, 1]);
  assertEquals([e.hash, e.events, eventsOf(e.schedule)], [77, 1, "3 kworker"]);
  e.refresh(m);
  assertEquals(told(), [21, 41, 2, 1, 2, 41]);
});

Deno.test("meetingAt() finds the meeting at a position, if its write is known", () => {
  const e = new KeptExecution();
  e.keep(
    meetingsWith({ count: 3, position: (i) => 4 + (i >> 1), written: (i) => i }),
    packed([]),
    1,
  );
  assertEquals([3, 4, 5].map((position) => e.meetingAt(position)), [-1, 1, 2]);
});
