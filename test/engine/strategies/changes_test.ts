import { assert, assertEquals } from "@std/assert";
import { actorOf } from "../../../src/machine/layout/actors.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { change, noteWait } from "../../../src/engine/strategies/changes.ts";
import { Executions } from "../../../src/engine/strategies/executions.ts";
import { CONTEXTS, type NumericEvent } from "../../../src/prog/types.ts";
import { meetingsWith, type Turns, turnsOf } from "./meetings.ts";
import { eventsOf, packed } from "./schedules.ts";

const SOFTIRQ_OF_CPU0 = actorOf(0, CONTEXTS.indexOf("softirq"));

/** What one execution of a program with two CPUs came to: its turns, and one meeting. */
function execution(turns: Turns, position: number) {
  const meetings = meetingsWith({ position: () => position, ...turnsOf(turns) });
  const past = { meetings, count: 1, changed: new Uint32Array(1) };
  const s = { cpus: 2, points: 50, interrupts: 0, handled: 0, preemptible: false, past };
  return { meetings, s };
}

/** All schedules that changes of one execution lead to, in the order in which they were drawn. */
function changes(turns: Turns, position: number, events: NumericEvent[] = []): string[] {
  const { meetings, s } = execution(turns, position);
  const all = new Executions();
  const rng = new Rng(7);
  all.note(meetings, packed(events), rng);
  const e = all.last!;
  const out = packed([]);
  const drawn: string[] = [];
  for (let i = 0; i < 200; i++) if (change(out, e, s, all, rng)) drawn.push(eventsOf(out));
  return drawn;
}

Deno.test("every change is drawn once", () => {
  const drawn = changes([[0, 0], [30, 1]], 9);
  assert(drawn.includes("9 demote") && drawn.includes("8 demote"), drawn.join("; "));
  assertEquals(new Set(drawn).size, drawn.length);
});

Deno.test("no CPU falls behind where no other one is left", () => {
  assertEquals(changes([[0, 1], [30, 0]], 35).filter((text) => text.includes("demote")), []);
});

Deno.test("a change keeps the events of the schedule that it grows from", () => {
  const drawn = changes([[0, 0], [4, 1], [30, 0]], 9, [{ gap: 4, action: "demote" }]);
  assert(drawn.includes("4 demote, 9 demote"), drawn.join("; "));
  assert(drawn.every((text) => text.startsWith("4 demote, ")), drawn.join("; "));
});

/** Positions from 1 to 100 at which an interrupt is not tried any more, after it was asked for at `asked`. */
function equivalent(turns: Turns, asked: number): number[] {
  const { meetings, s } = execution(turns, 9);
  const all = new Executions();
  noteWait(packed([{ gap: asked, action: "interrupt" }]), meetings, s, all);
  return Array.from({ length: 100 }, (_, i) => i + 1).filter((gap) =>
    !all.tried.take(packed([{ gap, action: "interrupt" }]), 2)
  );
}

Deno.test("noteWait(): an interrupt that had to wait is not asked for at the points between", () => {
  assertEquals(equivalent([[0, 0], [23, SOFTIRQ_OF_CPU0], [30, 0]], 20), [20, 21, 22, 23]);
});

Deno.test("noteWait(): nor behind the end of the task, where its handlers come anyway", () => {
  const known = equivalent([[0, 0], [23, SOFTIRQ_OF_CPU0]], 30);
  assertEquals([known[0], known.at(-1), known.length], [23, 94, 72]);
});

Deno.test("noteWait(): a handler of another CPU says nothing", () => {
  assertEquals(equivalent([[0, 1], [23, SOFTIRQ_OF_CPU0]], 20), []);
});
