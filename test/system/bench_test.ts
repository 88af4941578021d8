import { assert, assertEquals } from "@std/assert";
import { SANITIZERS } from "../sanitizers/names.ts";
import { assertCode, cli, events, eventsOf } from "./harness.ts";

Deno.test("bench prints a line for each number of CPUs, and one for what each sanitizer costs", async () => {
  const ran = await cli("bench", "--for", "200ms", "--json");
  assertCode(ran, 0);
  const lines = eventsOf(ran, "bench");
  assertEquals(lines.map(({ event, cpus }) => [event, cpus]), [2, 3, 4].map((n) => ["bench", n]));
  for (const line of lines) {
    // What the numbers are is for a quiet machine to say.
    for (
      const key of ["execs_per_sec", "points_per_sec", "ns_per_point", "us_per_switch", "ratio"]
    ) {
      assert(Number.isFinite(line[key]) && line[key] > 0, `${key}: ${line[key]}`);
    }
  }
  const costs = eventsOf(ran, "cost");
  // eventsOf() checks that src/cli/README.md has their keys, in their order.
  assertEquals([lines.length, costs.length], [3, SANITIZERS.length + 3]);
  assertEquals(
    costs.map(({ sanitizers }) => sanitizers).sort(),
    ["none", ...SANITIZERS, "all but kcsan", "all"].sort(),
  );
  for (const { execs_per_sec, campaign_execs_per_sec } of costs) {
    assert(execs_per_sec > 0 && campaign_execs_per_sec > 0);
  }
});

Deno.test("bench measures one number of CPUs if asked for it", async () => {
  const ran = await cli("bench", "--for", "300ms", "--cpus", "2", "--kernel", "v5.9", "--quiet");
  assertCode(ran, 0);
  const ratio = await cli("bench", "--for", "300ms", "--cpus", "2", "--json");
  assertEquals(events(ratio).map(({ cpus }) => cpus), [2]);
});
