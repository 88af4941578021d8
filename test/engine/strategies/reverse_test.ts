import { assertEquals } from "@std/assert";
import { actorOf } from "../../../src/machine/layout/actors.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { reverse } from "../../../src/engine/strategies/reverse.ts";
import { ACTS_AS_KWORKER, type Meetings } from "../../../src/machine/executor.ts";
import { CONTEXTS, type NumericEvent } from "../../../src/prog/types.ts";
import { SCHEDULE_WORDS } from "../../../src/prog/layout.ts";
import { packNumeric, unpackNumeric } from "../../../src/prog/pack.ts";
import { meetingsWith, type Turns, turnsOf } from "./meetings.ts";

const HARDIRQ = CONTEXTS.indexOf("hardirq");

interface Met {
  position: number;
  written: number;
  writer: number;
  reader: number;
}

/** One meeting, and the turns of actors. */
function meetingsOf(m: Met, turns: Turns): Meetings {
  return meetingsWith({
    position: () => m.position,
    written: () => m.written,
    writer: () => m.writer,
    reader: () => m.reader,
    ...turnsOf(turns),
  });
}

/** Events after the meeting was turned round, as text with positions; all that the draws lead to. */
function reversed(events: NumericEvent[], meetings: Meetings): string[] {
  const all = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const out = new Int32Array(SCHEDULE_WORDS);
    packNumeric({ kind: "numeric", order: [0, 1], events }, 2, out);
    if (!reverse(out, meetings, 0, new Rng(seed))) continue;
    let at = 0;
    const text = unpackNumeric(out, 2).events.map((e) => `${at += e.gap} ${e.action}`);
    all.add(text.join(", "));
  }
  return [...all].sort();
}

Deno.test("reverse() lets a handler that came late come just before the write that it met", () => {
  const m = { position: 23, written: 9, writer: actorOf(0, 0), reader: actorOf(0, HARDIRQ) };
  assertEquals(reversed([], meetingsOf(m, [[0, 0], [20, m.reader]])), ["9 interrupt"]);
});

Deno.test("reverse() moves a handler to the access that met what it wrote", () => {
  const handler = actorOf(0, HARDIRQ);
  const m = { position: 15, written: 8, writer: handler, reader: 0 };
  // The handler has points 6 to 10; the access is the task's fifth point after the one it interrupted.
  const turns = [[0, 0], [5, handler], [10, 0]] as const;
  const events: NumericEvent[] = [
    { gap: 5, action: "interrupt" },
    { gap: 20, action: "switch", cpu: 1 },
  ];
  assertEquals(reversed(events, meetingsOf(m, turns)), ["10 interrupt", "11 interrupt"]);
});

Deno.test("reverse() drops the event that asked for a handler, though it had to wait", () => {
  const handler = actorOf(0, HARDIRQ);
  const m = { position: 15, written: 8, writer: handler, reader: 0 };
  const turns = [[0, 0], [5, handler], [10, 0]] as const;
  const events: NumericEvent[] = [{ gap: 2, action: "interrupt" }];
  assertEquals(reversed(events, meetingsOf(m, turns)), ["10 interrupt", "11 interrupt"]);
});

Deno.test("reverse() lets a kworker preempt its task before the write that it met", () => {
  const m = { position: 23, written: 9, writer: 0, reader: actorOf(0, ACTS_AS_KWORKER) };
  assertEquals(reversed([], meetingsOf(m, [[0, 0], [20, m.reader]])), ["9 kworker"]);
});

Deno.test("reverse() stops a writer, runs the other CPU up to its access, and comes back", () => {
  const m = { position: 14, written: 4, writer: 0, reader: 1 };
  assertEquals(reversed([], meetingsOf(m, [[0, 0], [10, 1]])), [
    "4 switch, 5 softirq, 8 switch",
    "4 switch, 5 softirq, 9 switch",
    "4 switch, 8 switch",
    "4 switch, 9 switch",
  ]);
});

Deno.test("reverse() lets the handler of another CPU in there again", () => {
  const handler = actorOf(1, HARDIRQ);
  const m = { position: 14, written: 4, writer: 0, reader: handler };
  const all = reversed([], meetingsOf(m, [[0, 0], [10, 1], [12, handler]]));
  assertEquals(all.filter((s) => !s.includes("softirq")), [
    "4 switch, 6 interrupt, 8 switch",
    "4 switch, 6 interrupt, 9 switch",
  ]);
});
