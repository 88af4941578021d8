import { assert, assertEquals } from "@std/assert";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { KeptExecution } from "../../../src/engine/strategies/kept_execution.ts";
import { UnturnedMeetings } from "../../../src/engine/strategies/unturned_meetings.ts";
import { meetingsWith, type Turns, turnsOf } from "./meetings.ts";
import { packed } from "./schedules.ts";

interface Met {
  key: number;
  position: number;
  written: number;
}

/** An execution in which CPU 1 met what CPU 0 had written. */
function execution(hash: number, met: readonly Met[], turns: Turns = [[0, 0], [50, 1]]) {
  const e = new KeptExecution();
  const m = meetingsWith({
    count: met.length,
    key: (i) => met[i].key,
    position: (i) => met[i].position,
    written: (i) => met[i].written,
    writer: () => 0,
    reader: () => 1,
    ...turnsOf(turns),
  });
  e.keep(m, packed([]), hash);
  return e;
}

/** All that wait, in the order in which they are taken, as "execution:position". */
function takeAll(unturned: UnturnedMeetings, changed = new Uint32Array(64), seed = 1): string[] {
  const rng = new Rng(seed);
  const found = { execution: 0, position: 0 };
  const taken: string[] = [];
  while (unturned.take(found, changed, rng)) taken.push(`${found.execution}:${found.position}`);
  return taken;
}

Deno.test("a meeting waits once, in the first execution that has it", () => {
  const unturned = new UnturnedMeetings();
  unturned.note(execution(7, [{ key: 1, position: 60, written: 10 }]));
  // Ten points of CPU 1 come first: the write is still the tenth of CPU 0.
  const later = [[0, 1], [10, 0], [60, 1]] as const;
  unturned.note(execution(8, [{ key: 1, position: 70, written: 20 }], later));
  assertEquals(takeAll(unturned), ["7:60"]);
  assertEquals(takeAll(unturned), [], "it is turned round");
});

Deno.test("another write, another access or another actor is another meeting", () => {
  const unturned = new UnturnedMeetings();
  unturned.note(execution(7, [
    { key: 1, position: 60, written: 10 },
    { key: 1, position: 61, written: 11 },
    { key: 2, position: 62, written: 10 },
    { key: 3, position: 63, written: 0 }, // of which no write is known
  ]));
  assertEquals(takeAll(unturned).sort(), ["7:60", "7:61", "7:62"]);
});

Deno.test("what the campaign has changed least comes first, mostly", () => {
  let first = 0;
  for (let seed = 0; seed < 100; seed++) {
    const unturned = new UnturnedMeetings();
    unturned.note(execution(7, [
      { key: 1, position: 60, written: 10 },
      { key: 2, position: 61, written: 10 },
    ]));
    const changed = new Uint32Array(64);
    changed[1] = 5;
    if (takeAll(unturned, changed, seed)[0] === "7:61") first++;
    assertEquals([changed[1], changed[2]], [6, 1], "taking counts as a change");
  }
  assert(first > 75, String(first));
});

Deno.test("the memory is bounded: what has waited longest goes, and a full table takes nothing", () => {
  const unturned = new UnturnedMeetings();
  const met = (n: number) => [{ key: n % 64, position: n, written: 1 + (n >> 6) }];
  for (let n = 0; n < 2000; n++) unturned.note(execution(1, met(n), [[0, 0]]));
  const taken = takeAll(unturned);
  assertEquals(taken.length, 128);
  assert(!taken.includes("1:5"));
  assert(taken.includes("1:1023"), "the last one that has a place");
  unturned.clear();
  unturned.note(execution(2, met(3)));
  assertEquals(takeAll(unturned), ["2:3"], "it was forgotten with its program");
});
