/** A review under several preemption models, as one result. */
import { assertEquals } from "@std/assert";
import type { Asked } from "../../../src/cli/parent/review_causes.ts";
import type { Looked } from "../../../src/cli/parent/review_lines.ts";
import { type OfModel, reviewedUnder, sidesUnder } from "../../../src/cli/parent/review_models.ts";
import type { Sides } from "../../../src/cli/parent/review_sides.ts";
import type { Preempt } from "../../../src/prog/types.ts";

const SIDES: Sides = {
  kernel: "v6.12",
  base: [],
  patched: [],
  changed: ["f"],
  notLookedAt: [],
  leftOut: 3,
  lines: [],
  watched: {
    base: { functions: [], within: [], heads: [] },
    patched: { functions: [], within: [], heads: [] },
  },
};

function cause(key: string): Asked {
  return { key, known: null, title: key, crashes: [], answers: [] };
}

function line(at: number, executions: number, number: number): Looked {
  const counts = { executions, byTwo: 1, interrupted: 0, failing: 0, offlining: 2 };
  return { file: "mm/f.c", line: at, text: "x", gone: 0, number, ...counts };
}

function model(
  preempt: Preempt,
  of: Partial<OfModel> & { fresh?: Asked[]; both?: Asked[] },
): OfModel {
  const { fresh = [], both = [], ...rest } = of;
  const compared = { fresh, gone: [], both };
  return { preempt, sides: SIDES, compared, looked: [], base: 1, patched: 2, hangs: [], ...rest };
}

Deno.test("a cause of several models is told once, with their names", () => {
  const { both, fresh, preempts } = reviewedUnder([
    model("full", { fresh: [cause("a")], both: [cause("b")] }),
    model("rt", { fresh: [cause("a"), cause("b")] }),
  ]);
  assertEquals(preempts, ["full", "rt"]);
  assertEquals(fresh.map((c) => [c.key, c.preempts]), [["a", ["full", "rt"]], ["b", ["rt"]]]);
  assertEquals(both.map((c) => [c.key, c.preempts]), [["b", ["full"]]]);
});

Deno.test("what was looked at is the sum of the models, line by line", () => {
  const { base, looked, patched } = reviewedUnder([
    model("none", { looked: [line(7, 10, 0), line(9, 1, 1)] }),
    // A model may have lines that the other does not have, and so other numbers.
    model("rt", { looked: [line(8, 5, 0), line(9, 4, 1)] }),
  ]);
  assertEquals([base, patched], [2, 4]);
  assertEquals(looked.map((l) => [l.line, l.executions, l.offlining]), [
    [7, 10, 2],
    [9, 5, 4],
    [8, 5, 2],
  ]);
});

Deno.test("what a diff changes is what it changes under any model", () => {
  const rt = { ...SIDES, changed: ["f", "g"], notLookedAt: ["h"], leftOut: 4 };
  const { changed, leftOut, notLookedAt } = sidesUnder([SIDES, rt]);
  assertEquals([changed, notLookedAt, leftOut], [["f", "g"], ["h"], 4]);
});
