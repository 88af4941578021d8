import { assertEquals } from "@std/assert";
import { sharesOf } from "../../src/page/shares.ts";

const sample = (execs: number, strategies: Record<string, number>) => ({
  seconds: null,
  execs,
  execsPerSec: null,
  features: 0,
  queue: 0,
  strategies,
});

Deno.test("sharesOf() has the part of each strategy between one sample and the next", () => {
  const { execs, percent } = sharesOf([
    sample(10, { directed: 8, pos: 2 }),
    sample(20, { directed: 11, pos: 3 }),
    sample(30, { directed: 11, pos: 3 }),
    // A shard died and took what it did since its last report with it; another strategy begins.
    sample(40, { directed: 10, pos: 4, rff: 3 }),
  ]);
  assertEquals(execs, [10, 20, 30, 40]);
  assertEquals([...percent], [
    ["directed", [80, 75, null, 0]],
    ["pos", [20, 25, null, 25]],
    ["rff", [0, 0, null, 75]],
  ]);
  assertEquals(sharesOf([]).percent.size, 0);
});
