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

Deno.test("storyOf() of a data race tells the two accesses, and no others", () => {
  const finding: Finding = {
    ...FINDING,
    title: "KCSAN: data-race in drain / refill",
    oracle: "KCSAN",
    detail: [
      "read to stock#0.cached of 4 bytes by task on cpu 1: see the call trace",
      "write to stock#0.cached of 4 bytes by task on cpu 0:",
      " refill",
      " charge",
      "value changed: NULL -> memcg#1",
    ],
    at: { cpu: 1, context: "task", stack: ["drain"] },
    cells: [{ object: "stock#0", field: null }],
  };
  const trace = [
    touch(0, 1, "refill", "store", "stock#0.cached", "memcg#1"),
    touch(0, 1, "other", "store", "stock#0.cached", "memcg#1"),
    touch(1, 2, "drain", "load", "stock#0.cached", "memcg#1", { switchReason: "schedule" }),
    touch(0, 1, "drain_local", "store", "stock#0.flags", "0", { switchReason: "schedule" }),
  ];
  const { arrows, keys, sentences } = storyOf({ finding, trace });
  assertEquals(sentences, [
    "CPU0 set stock#0.cached to memcg#1 in refill().",
    "CPU1 read stock#0.cached, which was memcg#1, in drain().",
    "KCSAN found that nothing orders these two accesses: no lock that both hold, and no barrier.",
  ]);
  assertEquals(arrows, [{ from: 0, to: 2, label: "stock#0.cached" }]);
  assertEquals(keys, [{ index: 0, why: "race" }, { index: 2, why: "race" }]);
});

Deno.test("storyOf() of a lock order tells both orders", () => {
  const finding: Finding = {
    ...FINDING,
    title: "WARNING: possible circular locking dependency: css_set_lock and sighand->siglock",
    oracle: "lockdep",
    detail: ["css_set_lock is taken while sighand->siglock is held"],
  };
  const trace = [
    touch(1, 2, "freeze", "spin_lock", "css_set_lock#0.lock", "2"),
    touch(1, 2, "freeze", "spin_lock", "sighand#0.siglock.lock", "2"),
    touch(1, 2, "freeze", "spin_unlock", "sighand#0.siglock.lock", "0"),
    touch(1, 2, "freeze", "spin_unlock", "css_set_lock#0.lock", "0"),
    touch(0, 1, "signal", "spin_lock", "sighand#0.siglock.lock", "1"),
    touch(0, 1, "release", "spin_lock", "css_set_lock#0.lock", "1"),
  ];
  const { arrows, keys, sentences } = storyOf({ finding, trace });
  assertEquals(sentences, [
    "CPU1 took sighand#0.siglock in freeze(), while it held css_set_lock#0, taken in freeze().",
    "CPU0 took css_set_lock#0 in release(), while it held sighand#0.siglock, taken in signal().",
    "lockdep found it: css_set_lock is taken while sighand->siglock is held. If each CPU has its " +
    "first lock, both wait for ever.",
  ]);
  assertEquals(arrows, [{ from: 0, to: 5, label: "css_set_lock#0" }]);
  assertEquals(keys.map(({ index, why }) => [index, why]), [
    [0, "lock"],
    [1, "lock"],
    [4, "lock"],
    [5, "finding"],
  ]);
});

Deno.test("storyOf() of a hang tells who waits for what, and who has it", () => {
  const finding: Finding = {
    ...FINDING,
    title: "INFO: task hung in ab",
    oracle: "hung task",
    detail: ["CPU1 waits for b, held by CPU2", "CPU2 waits for a, held by CPU1"],
  };
  const trace = [
    touch(1, 1, "ab", "mutex_trylock", "a#0.owner", "2"),
    touch(2, 2, "ba", "mutex_trylock", "b#0.owner", "3"),
    touch(2, 2, "ba", "mutex_trylock", "a#0.owner", "2"),
    touch(1, 1, "ab", "mutex_trylock", "b#0.owner", "3"),
  ];
  const { arrows, keys, sentences } = storyOf({ finding, trace });
  assertEquals(sentences, [
    "CPU1 waits for b, held by CPU2: asked for in ab(), taken in ba().",
    "CPU2 waits for a, held by CPU1: asked for in ba(), taken in ab().",
    "hung task: no CPU can go on.",
  ]);
  assertEquals(arrows.map(({ from, to }) => [from, to]), [[1, 3], [0, 2]]);
  assertEquals(keys.map(({ index }) => index), [0, 1, 2, 3]);
});

Deno.test("storyOf() of an execution without a finding tells its conflicts, and no verdict", () => {
  const { sentences } = storyOf({ finding: null, trace: TRACE });
  assertEquals(sentences.length, 1);
  assertEquals(storyOf({ finding: null, trace: [] }), { sentences: [], arrows: [], keys: [] });
});
