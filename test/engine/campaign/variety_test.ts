import { assertEquals } from "@std/assert";
import { Variety } from "../../../src/engine/campaign/variety.ts";
import { turnsOf } from "../strategies/meetings.ts";

Deno.test("executions in a row that have been before are counted", () => {
  const variety = new Variety(2);
  const stale = (start: number) => {
    variety.note(turnsOf([[0, 0], [start, 1]]));
    return variety.stale;
  };
  assertEquals([5, 5, 5, 6, 5].map(stale), [0, 1, 2, 0, 1]);
  assertEquals([7, 7].map(stale), [0, 0], "more than two are not told apart");
  variety.clear();
  assertEquals([5, 5].map(stale), [0, 1]);
});
