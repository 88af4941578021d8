import { assertEquals } from "@std/assert";
import {
  disagreement,
  type Entry,
  isAsExpected,
  markdownTable,
  textTable,
} from "../../../src/cli/parent/matrix_table.ts";
import type { Expected } from "../../../src/cli/parent/expected.ts";
import type { ProbeEvent } from "../../../src/cli/protocol/jobs.ts";

const TITLE = "KASAN: use-after-free";
const NAMED: Expected = { title: TITLE, isNamed: true };
const NONE: Expected = { title: null, isNamed: true };
const BETWEEN: Expected = { title: undefined, isNamed: false };

type Answer = Partial<ProbeEvent> & Pick<ProbeEvent, "result">;

function entry(kernel: string, answer: Answer | undefined, expected: Expected | null): Entry {
  const whole: ProbeEvent | undefined = answer &&
    {
      event: "probe",
      file: "",
      kernel,
      title: null,
      missing: null,
      searched: 0,
      recorded: 0,
      through: 0,
      ...answer,
    };
  return { file: "dir/race.txt", kernel, answer: whole, expected };
}

const bug = (title = TITLE, searched = 0): Answer => ({ result: "bug", title, searched });

Deno.test("isAsExpected() compares titles where the file names the kernel", () => {
  const ok = (a: Answer | undefined, e: Expected | null) => isAsExpected(entry("k", a, e));
  assertEquals([ok(bug(), NAMED), ok(bug("another"), NAMED), ok(bug("another"), BETWEEN)], [
    true,
    false,
    true,
  ]);
  const quiet = (["clean", "unreached", "absent"] as const).map((result) => ({ result }));
  assertEquals(quiet.map((a) => ok(a, NAMED)), [false, false, false], "a bug that does not show");
  assertEquals(quiet.map((a) => ok(a, NONE)), [true, true, true]);
  assertEquals([ok(bug(), NONE), ok({ result: "other", title: "x" }, NONE)], [false, false]);
  assertEquals([ok(bug(), null), ok(undefined, NAMED)], [true, true], "nothing to compare with");
});

const ROWS = [[
  entry("v1", bug(), NAMED),
  entry("v2", bug(TITLE, 7), BETWEEN),
  entry("v3", { result: "clean" }, NAMED),
  entry("v4", { result: "other", title: "x" }, null),
  entry("v5", { result: "unreached" }, NONE),
  entry("v6", { result: "absent" }, null),
]];

Deno.test("textTable() has a sign for each result, and a mark for what is not as expected", () => {
  assertEquals(textTable(ROWS), [
    "      v1  v2  v3  v4  v5  v6",
    "race  B   b   .!  o   ?   -",
  ]);
});

Deno.test("markdownTable() is formatted as the pages are", () => {
  assertEquals(markdownTable(ROWS), [
    "| File | v1  | v2  | v3  | v4  | v5  | v6  |",
    "| ---- | --- | --- | --- | --- | --- | --- |",
    "| race | B   | b   | .!  | o   | ?   | -   |",
  ]);
});

Deno.test("disagreement() says what came instead", () => {
  const lines = [
    entry("v3", { result: "clean" }, NAMED),
    entry("v4", { result: "unreached", missing: "cpu0 until f", searched: 50 }, BETWEEN),
    entry("v5", bug(), NONE),
  ].map(disagreement);
  assertEquals(lines, [
    `race on v3: none; expected: ${TITLE}`,
    "race on v4: none after 50 other schedules; not on this kernel: cpu0 until f; " +
    "expected: its bug (so it is before and after)",
    `race on v5: ${TITLE}; expected: none`,
  ]);
});
