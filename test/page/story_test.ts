import { assertEquals } from "@std/assert";
import { storyOf } from "../../src/page/story.ts";
import type { Finding, TracePoint } from "../../src/report/types.ts";
import { touch } from "../report/inputs.ts";

const FINDING: Finding = {
  title: "refcount: 0 -> 1 in charge",
  oracle: "refcount",
  detail: ["The count had reached zero."],
  at: { cpu: 0, context: "task", stack: ["outer", "charge"] },
  others: [],
};

/** CPU0 reads a pointer; CPU1 changes it and drops the count; CPU0 goes on with what it read. */
const TRACE: readonly TracePoint[] = [
  touch(0, 1, "charge", "READ_ONCE", "objcg#0.memcg", "memcg#1"),
  touch(1, 2, "offline", "xchg", "objcg#0.memcg", "memcg#0", { switchReason: "schedule" }),
  touch(1, 2, "release", "atomic_add_return", "memcg#1.count", "0"),
  touch(0, 1, "charge", "atomic_add", "memcg#1.count", "1", { switchReason: "schedule" }),
];

Deno.test("storyOf() tells the conflict, the cause and the verdict, with arrows", () => {
  const { arrows, keys, sentences } = storyOf({ finding: FINDING, trace: TRACE });
  assertEquals(sentences, [
    "CPU1 changed objcg#0.memcg to memcg#0 in offline(), between CPU0's read of objcg#0.memcg " +
    "(memcg#1) in charge() and its update of memcg#1.count in charge().",
    "CPU1 dropped memcg#1.count to 0 in release(); then CPU0 changed memcg#1.count to 1 in charge().",
    "refcount found it at CPU0 in charge(): The count had reached zero.",
  ]);
  assertEquals(arrows.map(({ from, to }) => [from, to]), [[1, 3], [2, 3]]);
  assertEquals(keys, [
    { index: 0, why: "conflict" },
    { index: 1, why: "conflict" },
    { index: 2, why: "object" },
    { index: 3, why: "finding" },
  ]);
});

Deno.test("storyOf() leads from the writes that a law adds up to the law", () => {
  const finding: Finding = {
    ...FINDING,
    title: "WARNING: page counter underflow",
    oracle: "conservation",
    detail: ["usage is -1, and nothing is charged."],
    at: { cpu: 0, context: "task", stack: [] },
    when: "quiescence",
    cells: [{ object: "page_counter#1", field: "usage" }],
  };
  const trace = [
    touch(0, 1, "charge", "atomic_add", "page_counter#1.usage", "1"),
    touch(0, 1, "uncharge", "atomic_add", "page_counter#1.usage", "0"),
    touch(1, 2, "uncharge", "atomic_add", "page_counter#1.usage", "-1", {
      switchReason: "schedule",
    }),
  ];
  const { arrows, sentences } = storyOf({ finding, trace });
  assertEquals(sentences.at(-2), "CPU1 changed page_counter#1.usage to -1 in uncharge().");
  assertEquals(
    sentences.at(-1),
    "conservation judged the state afterwards: usage is -1, and nothing is charged.",
  );
  assertEquals(arrows.map(({ to }) => to), [3, 3, 3]);
});

Deno.test("storyOf() of an execution without a finding tells its conflicts, and no verdict", () => {
  const { sentences } = storyOf({ finding: null, trace: TRACE });
  assertEquals(sentences.length, 1);
  assertEquals(storyOf({ finding: null, trace: [] }), { sentences: [], arrows: [], keys: [] });
});
