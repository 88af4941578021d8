import { assertEquals } from "@std/assert";
import { Berth } from "../../../src/cli/parent/berth.ts";

Deno.test("Berth stays on a core that it has for itself", () => {
  const berth = new Berth([3, 5], 0, 0);
  for (let i = 0; i < 20; i++) assertEquals(berth.hear(0.97), null);
  assertEquals(berth.core, 3);
});

Deno.test("Berth leaves a core that it has to share, after two seconds", () => {
  const berth = new Berth([3, 5], 0, 0);
  assertEquals([berth.hear(0.5), berth.hear(0.5), berth.core], [null, 5, 5]);
});

Deno.test("Berth separates two campaigns that chose one core", () => {
  // Process ids of which the low bits are alike: both choose core 0, and move together at first.
  const two = [new Berth([0, 1], 0, 0b1000), new Berth([0, 1], 0, 0b0000)];
  for (let second = 0; second < 30; second++) {
    const shared = two[0].core === two[1].core;
    for (const berth of two) berth.hear(shared ? 0.5 : 1);
  }
  assertEquals(two[0].core === two[1].core, false);
});

Deno.test("Berth gives up when every core is busy", () => {
  const berth = new Berth([0, 1], 0, 7);
  let moves = 0;
  for (let second = 0; second < 100; second++) if (berth.hear(0.5) !== null) moves++;
  assertEquals(moves, 8);
});
