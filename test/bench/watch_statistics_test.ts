import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { interval, parseStatistics } from "./watch_statistics.ts";

Deno.test("parseStatistics() reads the rate of the last event", () => {
  const out = '{"event":"start"}\n{"event":"done","execs":9,"execs_per_sec":1234}\n';
  assertEquals(parseStatistics(out), 1234);
  assertThrows(() => parseStatistics('{"event":"start"}\n'), Error, "no last event");
});

Deno.test("interval() is the geometric mean with its interval", () => {
  const { high, low, mean } = interval([0.5, 2]);
  assertAlmostEquals(mean, 1);
  assertAlmostEquals(high * low, 1);
  // The standard deviation of ±ln 2 is √2 · ln 2, that of their mean ln 2.
  assertAlmostEquals(high, Math.exp(1.96 * Math.LN2));
  assertEquals(interval([0.9, 0.9, 0.9]).high, interval([0.9, 0.9, 0.9]).low);
});
