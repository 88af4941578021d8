import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { compare, median, perFind, type Sample } from "./statistics.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";

const sample = (a: number | null, execs = 100): Sample => ({
  found: a === null ? {} : { a },
  execs,
});

Deno.test("median() counts campaigns that found nothing as infinite", () => {
  assertEquals(median([sample(3), sample(1), sample(50)], "a"), 3);
  assertEquals(median([sample(3), sample(1), sample(50), sample(null)], "a"), 26.5);
  assertEquals(median([sample(3), sample(null), sample(null)], "a"), Infinity);
});

Deno.test("perFind() divides all executions spent on a title by its finds", () => {
  assertEquals(perFind([sample(10), sample(30)], "a"), 20);
  // Campaigns that go on after the find have spent no more on it; those without it, everything.
  assertEquals(perFind([sample(10, 500), sample(null, 500)], "a"), 510);
  assert(perFind([sample(null), sample(null)], "a") > 200, "no find is worse than one at the end");
});

/** Campaigns whose executions to the find are spread exponentially. */
function campaigns(mean: number, n: number, seed: number): Sample[] {
  const rng = new Rng(seed);
  return Array.from(
    { length: n },
    () => sample(1 - Math.log(1 - rng.next() / 2 ** 32) * mean, 100 * mean),
  );
}

Deno.test("compare() tells twice as many executions from as many, and how sure that is", () => {
  const now = campaigns(100, 200, 1);
  const twice = compare([{ titles: ["a"], now, then: campaigns(200, 200, 2) }]);
  assert(twice.low > 1 && twice.low < 2 && twice.high > 2, JSON.stringify(twice));
  assert(twice.low < twice.ratio && twice.ratio < twice.high);
  const same = compare([{ titles: ["a"], now, then: campaigns(100, 200, 3) }]);
  assert(same.low < 1 && same.high > 1, JSON.stringify(same));
});

Deno.test("compare() is closer the more campaigns there are, and the same every time", () => {
  const width = (n: number) => {
    const group = { titles: ["a"], now: campaigns(100, n, 1), then: campaigns(100, n, 2) };
    const { low, high } = compare([group]);
    assertEquals(compare([group]), compare([group]));
    return high / low;
  };
  assert(width(400) < width(25));
});

Deno.test("compare() averages ratios over titles and groups as logarithms", () => {
  const group = (now: number, then: number) => ({
    titles: ["a"],
    now: [sample(now)],
    then: [sample(then)],
  });
  assertAlmostEquals(compare([group(10, 40), group(1000, 1000)]).ratio, 2);
  assertAlmostEquals(compare([group(10, 40), group(400, 100)]).ratio, 1);
});
