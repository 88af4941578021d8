import { assertEquals } from "@std/assert";
import { Board } from "../../../src/cli/protocol/board.ts";

Deno.test("a board shows the other side what this one has said", () => {
  const here = new Board();
  const there = new Board(here.shared);
  assertEquals([there.isStopAsked(), there.isMinimizing], [false, false]);
  here.askToStop();
  here.setMinimizing(true);
  assertEquals([there.isStopAsked(), there.isMinimizing], [true, true]);
  here.setMinimizing(false);
  assertEquals(there.isMinimizing, false);
  here.writing(() => assertEquals(there.isWriting, true));
  assertEquals(there.isWriting, false);
  const far = 2 ** 40;
  here.publish(far, far + 1, far + 2, 3, 4, 5);
  const execs = far;
  const [points, switches] = [far + 1, far + 2];
  assertEquals(there.progress, { execs, points, switches, features: 3, queue: 4, titles: 5 });
  here.publishParts(Float64Array.of(7, far));
  assertEquals(there.parts.slice(0, 3), [7, far, 0]);
});
