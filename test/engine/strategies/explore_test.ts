import { assert, assertEquals } from "@std/assert";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { explore } from "../../../src/engine/strategies/explore.ts";
import type { Situation, Strategy } from "../../../src/engine/strategies/strategy.ts";
import { S_WALK, S_WALK_ASKS, S_WALK_STATE, SCHEDULE_WORDS } from "../../../src/prog/layout.ts";
import { meetingsWith } from "./meetings.ts";

/** A walk that came to state 5 before point 9. */
const visits = { count: 1, position: () => 9, state: () => 5 };
const meetings = meetingsWith({});

/** The situation after an execution of that program. */
function after(program: number, count = 1): Situation {
  const past = { meetings, visits, count, program, changed: new Uint32Array(1) };
  return { cpus: 2, points: 100, interrupts: 0, preemptible: true, past };
}

/** Positions and states at which `n` walks begin. */
function walks(strategy: Strategy, n: number, program = 1): string[] {
  const out = new Int32Array(SCHEDULE_WORDS);
  const rng = new Rng(1);
  return Array.from({ length: n }, () => {
    strategy.schedule(out, after(program), rng);
    return `${out[S_WALK]} ${out[S_WALK_STATE]}`;
  });
}

Deno.test("many walks begin with the first point, then most go on from states", () => {
  const all = walks(explore.begin!(), 400);
  assertEquals(new Set(all.slice(0, 128)), new Set(["1 0"]));
  const later = all.slice(128);
  assert(later.includes("1 0"));
  assert(later.filter((w) => w === "9 5").length > later.length / 2);
});

Deno.test("states are those of the program", () => {
  const strategy = explore.begin!();
  assert(walks(strategy, 400).includes("9 5"));
  assertEquals(new Set(walks(strategy, 100, 2)), new Set(["1 0"]));
});

Deno.test("states are noted when another strategy writes the next schedule", () => {
  const strategy = explore.begin!();
  const out = new Int32Array(SCHEDULE_WORDS);
  const rng = new Rng(1);
  const unseen = { ...after(1), past: { ...after(1).past!, visits: { ...visits, count: 0 } } };
  for (let i = 0; i < 200; i++) {
    strategy.schedule(out, unseen, rng);
    assertEquals(out[S_WALK], 1);
  }
  strategy.note!(out, after(1));
  const began = new Set<number>();
  for (let i = 0; i < 50; i++) {
    strategy.schedule(out, unseen, rng);
    began.add(out[S_WALK]);
  }
  assertEquals(began, new Set([1, 9]));
});

Deno.test("walks ask for interrupts where a program has handlers, the more of them the oftener", () => {
  const asks = (interrupts: number) => {
    const out = new Int32Array(SCHEDULE_WORDS);
    const rng = new Rng(1);
    return new Set(Array.from({ length: 50 }, () => {
      explore.schedule(out, { ...after(1), interrupts }, rng);
      return out[S_WALK_ASKS];
    }));
  };
  assertEquals(asks(0), new Set([0, 100]));
  assertEquals(asks(1), new Set([50]));
  assertEquals(asks(5), new Set([10]));
});
