import { assert, assertEquals } from "@std/assert";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { directed } from "../../../src/engine/strategies/directed.ts";
import { lastPosition } from "../../../src/engine/strategies/events.ts";
import { unpackNumeric } from "../../../src/prog/pack.ts";
import { SCHEDULE_WORDS } from "../../../src/prog/layout.ts";
import { meetingsWith, turnsOf } from "./meetings.ts";
import { eventsOf } from "./schedules.ts";

/** Schedules of two CPUs that meet at 20 points; `differ` says whether each leads to an execution of its own. */
function schedules(differ: boolean, program: (n: number) => number): string[] {
  const own = directed.begin!();
  const out = new Int32Array(SCHEDULE_WORDS);
  const rng = new Rng(3);
  const changed = new Uint32Array(64);
  const drawn: string[] = [];
  for (let n = 0; n < 40; n++) {
    const last = differ ? lastPosition(out) : 0;
    const meetings = meetingsWith({
      count: 20,
      position: (m) => 5 * m + 5,
      key: (m) => m,
      ...turnsOf([[0, 0], [200 + last, 1]]),
    });
    const past = { meetings, count: n > 0 ? 20 : 0, changed, program: program(n) };
    own.schedule(out, { cpus: 2, points: 200, interrupts: 0, preemptible: false, past }, rng);
    drawn.push(eventsOf(out));
  }
  return drawn;
}

/** Number of schedules with at least two events. */
const grown = (drawn: readonly string[]) => drawn.filter((text) => text.includes(", ")).length;

Deno.test("directed grows schedules from executions that are new, and no schedule comes twice", () => {
  const drawn = schedules(true, () => 1);
  const changes = drawn.filter((text) => text !== "");
  assert(changes.length > 25, drawn.join("; "));
  assertEquals(new Set(changes).size, changes.length);
  assert(grown(drawn) > 8, drawn.join("; "));
});

Deno.test("where all schedules lead to one execution, it tries others than to grow them", () => {
  assert(2 * grown(schedules(false, () => 1)) < grown(schedules(true, () => 1)));
});

Deno.test("what was tried counts for one program", () => {
  const drawn = schedules(true, (n) => n >> 3);
  const changes = drawn.filter((text) => text !== "");
  assert(new Set(changes).size < changes.length, "another program may get the same schedules");
});

Deno.test("directed turns meetings round that no execution had before, each once", () => {
  const own = directed.begin!();
  const out = new Int32Array(SCHEDULE_WORDS);
  const rng = new Rng(5);
  const changed = new Uint32Array(64);
  // CPU 1 meets at each fifth point what CPU 0 wrote at the fifth point of its own.
  const meetings = meetingsWith({
    count: 20,
    position: (m) => 105 + 5 * m,
    key: (m) => m,
    written: (m) => 5 + 5 * m,
    writer: () => 0,
    reader: () => 1,
    ...turnsOf([[0, 0], [100, 1]]),
  });
  const turned = new Map<number, number>();
  for (let n = 0; n < 40; n++) {
    const past = { meetings, count: n > 0 ? 20 : 0, changed, program: 1 };
    own.schedule(out, { cpus: 2, points: 200, interrupts: 0, preemptible: false, past }, rng);
    const [first, second] = unpackNumeric(out, 2).events;
    // CPU 0 stops before its write, and CPU 1 just behind its access: both at once is a meeting turned round.
    if (first?.action === "switch" && second?.gap === 6 + first.gap - 5) {
      turned.set(first.gap, (turned.get(first.gap) ?? 0) + 1);
    }
  }
  assertEquals([...turned.values()], Array(20).fill(1));
});
