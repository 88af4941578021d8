import { assert, assertEquals } from "@std/assert";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { directed } from "../../../src/engine/strategies/directed.ts";
import { lastPosition } from "../../../src/engine/strategies/events.ts";
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
