import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Run } from "./cases.ts";
import { compared, row, summaryRow } from "./table.ts";

const run = (execs: number, extra: Partial<Run> = {}): Run => ({
  case: "campaign",
  seed: 1,
  found: { S1: execs, S2: execs, S3: execs, S7: execs, S10: execs, B4: execs },
  titles: ["usual"],
  execs,
  points: 10 * execs,
  minimized: {},
  ...extra,
});

Deno.test("compared() tells executions, what they cost, and titles that came or went", () => {
  const then = [run(20, { titles: ["new"], points: 400 }), run(20, { points: 400 })];
  const { counts, points, gone, added } = compared("campaign", [run(10), run(10)], then);
  assertEquals(counts.map((c) => [c.name, c.ratio.ratio.toFixed(3)]), [["executions", "2.000"]]);
  assertEquals([points, gone, added], [2, [], ["new"]]);
});

Deno.test("compared() leaves a title that is seldom found to chance", () => {
  const many = Array.from({ length: 100 }, () => run(10));
  const then = many.with(0, run(10, { titles: ["seldom"] }));
  assertEquals(compared("campaign", many, then).added, []);
});

Deno.test("compared() counts what minimising used and what it left", () => {
  const minimized = (execs: number, ops: number, steps: number) =>
    run(10, {
      case: "minimize",
      minimized: Object.fromEntries(
        ["S2", "S3", "S7", "S10", "B4"].map((t) => [t, { execs, ops, steps }]),
      ),
    });
  const { counts } = compared("minimize", [minimized(100, 3, 3)], [minimized(200, 2, 1)]);
  assertEquals(counts.map((c) => [c.name, c.ratio.ratio.toFixed(3)]), [
    ["executions", "2.000"],
    ["operations and steps", "0.500"],
  ]);
});

Deno.test("a constant that plays no part in campaigns is told from one that makes no difference", () => {
  const same = compared("campaign", [run(10), run(20)], [run(10), run(20)]);
  assertEquals([same.same, same.counts[0].ratio.ratio], [true, 1]);
  assertStringIncludes(row("campaign", 5, [run(10)], same), "the same campaigns");
  const moved = compared("campaign", [run(10), run(20)], [run(20), run(10)]);
  assertEquals([moved.same, moved.counts[0].ratio.ratio], [false, 1]);
});

Deno.test("row() shows medians, and summaryRow() the ratios with their bounds", () => {
  const comparison = compared("campaign", [run(10)], [run(20)]);
  assertEquals(row("campaign", 5, [run(10)]).trim().split(/\s+/), ["5", ...Array(6).fill("10")]);
  assertStringIncludes(row("campaign", 5, [run(20)], comparison), "executions 2.00 (2.00–2.00)");
  assertEquals(
    summaryRow({
      name: "queue.DRAWS",
      value: 6,
      set: "campaign",
      others: [{ value: 3, comparison }],
    }),
    "| queue.DRAWS | 6 | campaign | 3: 2.00 (2.00–2.00) |",
  );
});
