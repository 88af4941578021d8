import { assert, assertEquals } from "@std/assert";
import { actorOf } from "../../../src/machine/layout/actors.ts";
import { HARDIRQ } from "../../../src/machine/layout/contexts.ts";
import {
  M_ACTORS,
  M_POSITION,
  M_WROTE,
  metBy,
  NMEETINGS,
  NTURNS,
  TURN_ACTOR,
  TURN_AT,
  writerOf,
} from "../../../src/machine/layout/meetings.ts";
import { SCHEDULED } from "../../../src/machine/layout/points.ts";
import { MEETING_WORDS, TURN_WORDS } from "../../../src/machine/layout/sizes.ts";
import { views } from "../../../src/machine/words/arena.ts";
import { makeMachine } from "../harness.ts";

const m = await makeMachine({ cpus: 2 });
const arena = views();
const { ctl } = arena;

interface Meeting {
  position: number;
  wrote: number;
  writer: number;
  reader: number;
}

/** The meetings of a program's execution whose write is known. */
function meetings(body: string): Meeting[] {
  assertEquals(m.run(body, { trace: false }).title, null);
  const word = (i: number, w: number) => arena.meetings[MEETING_WORDS * i + w];
  return Array.from({ length: ctl[NMEETINGS] }, (_, i) => ({
    position: word(i, M_POSITION),
    wrote: word(i, M_WROTE),
    writer: writerOf(word(i, M_ACTORS)),
    reader: metBy(word(i, M_ACTORS)),
  })).filter(({ wrote }) => wrote > 0);
}

const order = (o: string, events = "") =>
  `cpu0 inc()\ncpu1 inc()\nschedule: numeric\n${o}${events}`;

Deno.test("a meeting is the read, and the write, of what another CPU wrote", () => {
  // inc() reads x and writes it: points 1 and 2 are the first CPU's, 3 and 4 the other's.
  assertEquals(meetings(order("order cpu0 cpu1")), [
    { position: 3, wrote: 2, writer: 0, reader: 1 },
    { position: 4, wrote: 2, writer: 0, reader: 1 },
  ]);
  assertEquals(meetings(order("order cpu1 cpu0"))[0], {
    position: 3,
    wrote: 2,
    writer: 1,
    reader: 0,
  });
});

Deno.test("positions count from where the schedule begins, whatever boot operations did", () => {
  const [first] = meetings(`boot inc()\n${order("order cpu0 cpu1")}`);
  assertEquals([first.position, first.wrote], [3, 2]);
});

Deno.test("what boot operations wrote is met by nobody", () => {
  assertEquals(meetings("boot inc()\ncpu1 inc()"), []);
});

Deno.test("the turns of an execution say who passed which points", () => {
  const body = order("order cpu0 cpu1", "\n+2 switch cpu1\n");
  m.run(body, { trace: false });
  const turns = Array.from({ length: ctl[NTURNS] }, (_, i) => [
    arena.turns[TURN_WORDS * i + TURN_AT],
    arena.turns[TURN_WORDS * i + TURN_ACTOR],
  ]);
  assert(turns.every(([at], i) => i === 0 || at >= turns[i - 1][0]));
  assertEquals(turns.filter(([at]) => at < ctl[SCHEDULED]), [[0, 0], [2, 1]]);
});

Deno.test("a handler and the task that it interrupts meet", () => {
  const body = "cpu0 inc()\ncpu0 hardirq inc()\nschedule: numeric\norder cpu0 cpu1";
  const handler = actorOf(0, HARDIRQ);
  // The handler comes when the task is done: its points are 3 and 4.
  assertEquals(meetings(body), [
    { position: 3, wrote: 2, writer: 0, reader: handler },
    { position: 4, wrote: 2, writer: 0, reader: handler },
  ]);
  // It comes before the task's write: the task then writes over what it wrote.
  assertEquals(meetings(`${body}\n+2 interrupt`), [
    { position: 4, wrote: 4, writer: handler, reader: 0 },
  ]);
});
