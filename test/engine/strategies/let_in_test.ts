import { assertEquals } from "@std/assert";
import { actorOf } from "../../../src/machine/layout/actors.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { CROWD } from "../../../src/engine/strategies/events.ts";
import { letIn } from "../../../src/engine/strategies/let_in.ts";
import { CONTEXTS, type NumericEvent } from "../../../src/prog/types.ts";
import { SCHEDULE_WORDS } from "../../../src/prog/layout.ts";
import { packNumeric, unpackNumeric } from "../../../src/prog/pack.ts";
import { meetingsWith, type Turns, turnsOf } from "./meetings.ts";

const SOFTIRQ_OF_CPU0 = actorOf(0, CONTEXTS.indexOf("softirq"));

/** Events after a handler was let in, as text with positions; all that the draws lead to. */
function moved(
  events: NumericEvent[],
  position: number,
  turns: Turns,
  handled = 1,
  interrupts = 1,
): string[] {
  const meetings = meetingsWith({ position: () => position, ...turnsOf(turns) });
  const s = { cpus: 2, points: 50, interrupts, handled, preemptible: true };
  const all = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    const out = new Int32Array(SCHEDULE_WORDS);
    packNumeric({ kind: "numeric", order: [0, 1], events }, 2, out);
    if (!letIn(out, s, meetings, 0, new Rng(seed))) continue;
    let at = 0;
    all.add(unpackNumeric(out, 2).events.map((e) => `${at += e.gap} ${e.action}`).join(", "));
  }
  return [...all].sort();
}

Deno.test("letIn() lets a handler in just before or just behind a point where actors have met", () => {
  assertEquals(moved([], 9, [[0, 0], [20, SOFTIRQ_OF_CPU0]]), ["10 interrupt", "9 interrupt"]);
});

Deno.test("it moves the handler that came earlier, whose points then are not there", () => {
  const turns: Turns = [[0, 0], [5, SOFTIRQ_OF_CPU0], [10, 0]];
  const events: NumericEvent[] = [{ gap: 5, action: "interrupt" }];
  assertEquals(moved(events, 15, turns), ["10 interrupt", "11 interrupt"]);
});

Deno.test("it keeps what comes before", () => {
  const turns: Turns = [[0, 0], [4, 1], [12, 0], [20, SOFTIRQ_OF_CPU0]];
  const events: NumericEvent[] = [
    { gap: 4, action: "switch", cpu: 1 },
    { gap: 8, action: "switch", cpu: 0 },
    { gap: 8, action: "interrupt" },
  ];
  const kept = "4 switch, 12 switch";
  assertEquals(moved(events, 15, turns), [`${kept}, 15 interrupt`, `${kept}, 16 interrupt`]);
});

Deno.test("it lets nobody in where the CPU has no handler, or is in one", () => {
  assertEquals(moved([], 9, [[0, 0]], 2), []);
  assertEquals(moved([], 9, [[0, 0], [5, SOFTIRQ_OF_CPU0], [12, 0]]), []);
});

Deno.test("if there are many handlers, all of them may come there at once", () => {
  const many = moved([], 9, [[0, 0]], 1, CROWD + 1);
  assertEquals(many.map((text) => text.split(", ").length).sort(), [1, 1, CROWD + 1, CROWD + 1]);
  assertEquals(moved([], 9, [[0, 0]], 1, CROWD), ["10 interrupt", "9 interrupt"]);
});
