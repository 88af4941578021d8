import { assertEquals } from "@std/assert";
import { type Executed, firstDifference, type Note } from "../../src/report/first_difference.ts";
import type { TracePoint } from "../../src/report/types.ts";

function point(what: string, field: string, value: string, stack = ["f"]): TracePoint {
  const where = { cpu: 0, context: "task", object: "pot#0", op: 0, switchReason: null };
  return { ...where, stack, owner: stack.at(-1), what, field, value };
}

function ran(...points: TracePoint[]): Executed {
  return { points, title: null, returns: [0] };
}

const BEANS = point("load", "beans", "3");
const LID = point("load", "lid", "1");
const LID_NOTE: Note = { in: "f", only: "tree", points: ["load lid"], why: "a test" };

Deno.test("equal executions have no difference; op and reason of a switch do not count", () => {
  assertEquals(firstDifference(ran(BEANS, LID), ran(BEANS, { ...LID, op: 5 })), null);
});

Deno.test("the first difference is the first point whose primitive, field, value or function differs", () => {
  for (
    const other of [
      point("READ_ONCE", "beans", "3"),
      point("load", "lid", "3"),
      point("load", "beans", "4"),
      point("load", "beans", "3", ["g"]),
    ]
  ) {
    const d = firstDifference(ran(LID, BEANS), ran(LID, other));
    assertEquals([d?.model, d?.tree], [BEANS, other]);
  }
});

Deno.test("an execution that ends early differs there, and so does a result after equal points", () => {
  const d = firstDifference(ran(BEANS, LID), ran(BEANS));
  assertEquals([d?.model, d?.tree], [LID, null]);
  const late = firstDifference(ran(BEANS), { ...ran(BEANS), returns: [-12] });
  assertEquals(late?.result, "operations returned 0; with the tree operations returned -12");
  const found = firstDifference(ran(BEANS), { ...ran(BEANS), title: "WARNING in f" });
  assertEquals(found?.result, "operations returned 0; with the tree WARNING in f");
});

Deno.test("suspects: the innermost common function, then what only one calls, then callers", () => {
  const inner = point("load", "beans", "3", ["a", "b", "c"]);
  const outer = point("load", "beans", "3", ["a", "b"]);
  assertEquals(firstDifference(ran(inner), ran(outer))?.suspects, ["b", "c", "a"]);
});

Deno.test("a note lets one side pass its point, in its function, and is counted", () => {
  const used = new Set<number>();
  assertEquals(firstDifference(ran(BEANS), ran(LID, BEANS, LID), [LID_NOTE], used), null);
  assertEquals([...used], [0]);
  // Not the other side, not another function, not another field.
  assertEquals(firstDifference(ran(LID, BEANS), ran(BEANS), [LID_NOTE])?.model, LID);
  const inG = point("load", "lid", "1", ["g"]);
  assertEquals(firstDifference(ran(BEANS), ran(inG, BEANS), [LID_NOTE])?.tree, inG);
  const hot = point("load", "hot", "1");
  assertEquals(firstDifference(ran(BEANS), ran(hot, BEANS), [LID_NOTE])?.tree, hot);
});

Deno.test("a note hides no point that both pass", () => {
  assertEquals(firstDifference(ran(LID, BEANS), ran(LID, BEANS), [LID_NOTE]), null);
  const changed = point("load", "beans", "4");
  assertEquals(firstDifference(ran(LID, BEANS), ran(LID, changed), [LID_NOTE])?.tree, changed);
});
