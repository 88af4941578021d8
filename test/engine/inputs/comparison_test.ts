/** The comparison on an executor that has no machine: its points are those of the functions that it calls. */
import { assertEquals } from "@std/assert";
import { Comparison, NOTED_SHARE } from "../../../src/engine/inputs/comparison.ts";
import { type Executor, NUMERIC } from "../../../src/machine/executor.ts";
import type { Note } from "../../../src/report/first_difference.ts";
import type { TracePoint } from "../../../src/report/types.ts";

function point(fn: string, what: string): TracePoint {
  const where = { cpu: 0, context: "task", object: null, field: null, op: 0, switchReason: null };
  return { ...where, stack: ["op", fn], owner: fn, what, value: null };
}

/** What each function does in the model and in the tree, in the order of their calls. */
type Bodies = readonly (readonly [string, readonly string[], readonly string[]])[];

function comparisonOf(bodies: Bodies, notes: readonly Note[] = []) {
  let selected: ReadonlySet<string> = new Set();
  let points: TracePoint[] = [];
  const executor = {
    program: new Int32Array(8),
    schedule: new Int32Array(8),
    hasFound: false,
    record() {
      points = bodies.flatMap(([name, model, tree]) =>
        (selected.has(name) ? tree : model).map((what) => point(name, what))
      );
    },
    writeSteps: () => [],
    outcome: () => ({ traceHash: points.map(({ stack, what }) => `${stack[1]} ${what}`).join() }),
    recording: {
      points: () => points,
      functions: () => bodies.map(([name]) => name),
      steps: () => [],
    },
  } as unknown as Executor;
  const names = bodies.map(([name]) => name);
  const select = (chosen: ReadonlySet<string>) => selected = new Set(chosen);
  const comparison = new Comparison(executor, { names, select }, notes);
  return (times = 1) => {
    const blamed: string[] = [];
    for (let i = 0; i < times; i++) {
      select(new Set());
      executor.record(NUMERIC);
      blamed.push(...comparison.look(NUMERIC).map(({ name }) => name));
    }
    return { blamed, comparison };
  };
}

Deno.test("functions that pass the same points are not blamed", () => {
  const look = comparisonOf([["f", ["load"], ["load"]], ["g", ["store"], ["store"]]]);
  const { blamed, comparison } = look(3);
  assertEquals([blamed, comparison.inputs, comparison.called.get("f")], [[], 3, 3]);
});

Deno.test("every function that differs is blamed once, also behind the first one", () => {
  const look = comparisonOf([
    ["f", ["load"], ["READ_ONCE"]],
    ["g", ["store"], ["store"]],
    ["h", ["xchg"], []],
  ]);
  assertEquals(look(3).blamed, ["f", "h"]);
});

Deno.test("a function that differs as its note says is not blamed, in any other way it is", () => {
  const note: Note = { in: "f", only: "tree", points: ["atomic_read"], why: "a test" };
  const noted = comparisonOf([["f", ["load"], ["load", "atomic_read"]]], [note])(NOTED_SHARE);
  assertEquals([noted.blamed, noted.comparison.noted], [[], [1]]);
  const other = comparisonOf([["f", ["load"], ["store", "atomic_read"]]], [note])(NOTED_SHARE);
  assertEquals(other.blamed, ["f"]);
});
