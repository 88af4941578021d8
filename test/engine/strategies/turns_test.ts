import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { actorOf } from "../../../src/machine/layout/actors.ts";
import {
  actorAt,
  beganAt,
  handlerFrom,
  handlersBefore,
  hashOfTurns,
  isHandler,
  othersBehind,
  passedBy,
  passedSince,
  runsBehind,
} from "../../../src/engine/strategies/turns.ts";
import { ACTS_AS_CALLBACK, ACTS_AS_KWORKER } from "../../../src/machine/executor.ts";
import { CONTEXTS } from "../../../src/prog/types.ts";
import { turnsOf } from "./meetings.ts";

const HARDIRQ = CONTEXTS.indexOf("hardirq");

/** CPU0, a handler on it, CPU0 again, CPU1, a handler on it. */
const turns = turnsOf([[0, 0], [10, actorOf(0, HARDIRQ)], [20, 0], [30, 1], [
  40,
  actorOf(1, HARDIRQ),
]]);

Deno.test("actorAt() says who passes a point: the turn that began before it", () => {
  assertEquals(actorAt(10, turns), 0);
  assertEquals(actorAt(11, turns), actorOf(0, HARDIRQ));
  assertEquals(actorAt(99, turns), actorOf(1, HARDIRQ));
  assertEquals(actorAt(5, turnsOf([])), -1);
});

Deno.test("isHandler() tells handlers from tasks, kworkers and callbacks", () => {
  assert(isHandler(actorOf(1, HARDIRQ)));
  for (const context of [0, ACTS_AS_KWORKER, ACTS_AS_CALLBACK]) {
    assert(!isHandler(actorOf(1, context)), String(context));
  }
});

Deno.test("handlersBefore() counts the handlers that began before a position", () => {
  assertEquals([10, 11, 41].map((p) => handlersBefore(p, turns)), [0, 1, 2]);
});

Deno.test("handlerFrom() finds the next handler of a CPU, or else its last one", () => {
  assertEquals(handlerFrom(5, 0, turns), 10);
  assertEquals(handlerFrom(15, 0, turns), 10, "none comes any more");
  assertEquals(handlerFrom(15, 1, turns), 40);
  assertEquals(handlerFrom(15, 2, turns), -1);
});

Deno.test("runsBehind() and othersBehind() say who still runs", () => {
  assertEquals([0, 1, 2].map((cpu) => runsBehind(cpu, 21, turns)), [false, true, false]);
  assert(othersBehind(25, turns));
  assert(!othersBehind(35, turns), "the handler is of the same CPU");
});

Deno.test("hashOfTurns() depends on who ran and when", () => {
  const hash = hashOfTurns(turnsOf([[0, 0], [10, 1]]));
  assertEquals(hash, hashOfTurns(turnsOf([[0, 0], [10, 1]])));
  for (const other of [[[0, 0], [11, 1]], [[0, 0], [10, 2]], [[0, 0]]] as const) {
    assertNotEquals(hash, hashOfTurns(turnsOf(other)));
  }
});

Deno.test("passedBy() counts the points of a CPU, passedSince() those of one actor", () => {
  assertEquals([5, 15, 30, 45].map((p) => passedBy(0, p, turns)), [5, 15, 30, 30]);
  assertEquals([5, 15, 30, 45].map((p) => passedSince(0, 0, p, turns)), [5, 10, 20, 20]);
  assertEquals(passedSince(0, 4, 25, turns), 11);
  assertEquals(passedBy(2, 99, turns), 0);
});

Deno.test("beganAt() finds the turn in which an actor came to a position", () => {
  assertEquals([10, 25, 99].map((p) => beganAt(0, p, turns)), [0, 20, 20]);
  assertEquals(beganAt(1, 30, turns), -1);
});
