import { assert, assertEquals } from "@std/assert";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { VisitedStates } from "../../../src/engine/strategies/visited_states.ts";
import { S_WALK, S_WALK_STATE, SCHEDULE_WORDS } from "../../../src/prog/layout.ts";
import type { Visits } from "../../../src/machine/executor.ts";
import { eventsOf, packed } from "./schedules.ts";

const rng = new Rng(1);

/** Visits of these states, each at its position. */
function visitsOf(all: readonly (readonly [position: number, state: number])[]): Visits {
  return { count: all.length, position: (v) => all[v][0], state: (v) => all[v][1] };
}

function goOn(states: VisitedStates) {
  const out = new Int32Array(SCHEDULE_WORDS);
  states.goOn(out, rng);
  return { events: eventsOf(out), walk: out[S_WALK], state: out[S_WALK_STATE] };
}

const SCHEDULE = packed([{ gap: 5, action: "switch", cpu: 1 }, {
  gap: 5,
  action: "switch",
  cpu: 0,
}]);

Deno.test("a state is come to again by the events before it, and a walk behind them", () => {
  const states = new VisitedStates();
  states.note(visitsOf([[7, -3]]), SCHEDULE);
  assertEquals(states.count, 1);
  assertEquals(goOn(states), { events: "5 switch1", walk: 7, state: -3 });
});

Deno.test("what was decided at the position of a state is left out", () => {
  const states = new VisitedStates();
  states.note(visitsOf([[10, 1]]), SCHEDULE);
  assertEquals(goOn(states).events, "5 switch1");
});

Deno.test("the way with fewer points is kept", () => {
  const states = new VisitedStates();
  states.note(visitsOf([[12, 1]]), SCHEDULE);
  states.note(visitsOf([[3, 1]]), SCHEDULE);
  states.note(visitsOf([[20, 1]]), SCHEDULE);
  assertEquals(states.count, 1);
  assertEquals(goOn(states), { events: "", walk: 3, state: 1 });
});

Deno.test("states that are seldom come to, or gone on from, are preferred", () => {
  const states = new VisitedStates();
  for (let i = 0; i < 100; i++) states.note(visitsOf([[1, 7]]), SCHEDULE);
  states.note(visitsOf([[2, 8]]), SCHEDULE);
  const chosen = Array.from({ length: 40 }, () => goOn(states).state);
  assertEquals(chosen[0], 8);
  assert(chosen.includes(7), "8 was gone on from often enough");
});

Deno.test("there is room for many states; then rare ones take the place of common ones", () => {
  const states = new VisitedStates();
  const common = 99;
  for (let i = 0; i < 3; i++) states.note(visitsOf([[1, common]]), SCHEDULE);
  for (let s = 1; s <= 20_000; s++) states.note(visitsOf([[s, s * 7919]]), SCHEDULE);
  assertEquals(states.count, 4096);
  for (let i = 0; i < 2000; i++) assert(goOn(states).state !== common);
});

Deno.test("clear() forgets all states, and the ways to them", () => {
  const states = new VisitedStates();
  states.note(visitsOf([[3, 1]]), SCHEDULE);
  states.clear();
  assertEquals(states.count, 0);
  states.note(visitsOf([[12, 1]]), SCHEDULE);
  assertEquals(goOn(states), { events: "5 switch1, 10 switch0", walk: 12, state: 1 });
});
