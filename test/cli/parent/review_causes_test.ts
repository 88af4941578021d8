/** The comparison of the causes of two sides. */
import { assertEquals } from "@std/assert";
import { causesOf, compare, toAsk } from "../../../src/cli/parent/review_causes.ts";
import type { CrashEvent, ProbeEvent } from "../../../src/cli/protocol/jobs.ts";

function crash(title: string, more: Partial<CrashEvent> = {}): CrashEvent {
  const file = more.file ?? `${title}.txt`;
  return {
    event: "crash",
    title,
    file,
    report: file.replace("txt", "report"),
    page: null,
    brief: [],
    places: [],
    execs_to_find: 1,
    ops: 2,
    switches: 1,
    cpus: 2,
    command: `deno task replay ${file}`,
    known: null,
    cause: title,
    ...more,
  };
}

function answer(file: string, result: ProbeEvent["result"], more: Partial<ProbeEvent> = {}) {
  const title = result === "bug" ? file.replace(".txt", "") : null;
  const event: ProbeEvent = {
    event: "probe",
    file,
    kernel: "v6.12",
    result,
    title,
    missing: null,
    searched: 0,
    recorded: 0,
    through: 0,
    ...more,
  };
  return [file, event] as const;
}

/** What is new, gone and in both, by titles. */
function compared(
  base: CrashEvent[],
  patched: CrashEvent[],
  ...answers: (readonly [string, ProbeEvent])[]
) {
  const result = compare(causesOf(base), causesOf(patched), new Map(answers));
  const titles = (causes: readonly { title: string }[]) => causes.map(({ title }) => title);
  return [result.fresh, result.gone, result.both].map(titles);
}

Deno.test("findings of one bug of the corpus are one cause, and so are those of one law", () => {
  const causes = causesOf([
    crash("A", { known: "s03-flush", switches: 3 }),
    crash("B", { known: "s03-flush-displaced" }),
    crash("C", { cause: "law" }),
    crash("D", { cause: "law" }),
  ]);
  assertEquals(
    [...causes.values()].map(({ known, title, crashes }) => [
      known,
      title,
      crashes.length,
    ]),
    [["s03", "B", 2], [null, "law", 2]],
  );
});

Deno.test("a known bug of both sides is the same; all others are asked about", () => {
  const base = causesOf([crash("A", { known: "s03-a" }), crash("B")]);
  const patched = causesOf([crash("A", { known: "s03-b" }), crash("B"), crash("C")]);
  assertEquals(toAsk(patched, base).map(({ title }) => title), ["B", "C"]);
});

Deno.test("a cause is new if the other kernel does not show its input, and gone likewise", () => {
  assertEquals(compared([crash("A")], [crash("B")], answer("A.txt", "clean")), [["B"], ["A"], []]);
  assertEquals(
    compared([crash("A")], [crash("B")], answer("A.txt", "bug"), answer("B.txt", "clean")),
    [["B"], [], ["A"]],
  );
  // The same title on both sides, but the input of one shows nothing on the other: two bugs.
  const twice = [crash("A", { file: "base.txt" }), crash("A", { file: "patched.txt" })];
  assertEquals(
    compared([twice[0]], [twice[1]], answer("base.txt", "bug"), answer("patched.txt", "clean")),
    [["A"], [], ["A"]],
  );
});

Deno.test("a title that only a search came to may be that of another cause of that side", () => {
  const base = [crash("A", { known: "s02-a" })];
  const patched = [crash("A", { file: "A.txt" })];
  assertEquals(compared(base, patched, answer("A.txt", "bug", { searched: 7 }))[0], ["A"]);
  assertEquals(compared([], patched, answer("A.txt", "bug", { searched: 7 }))[2], ["A"]);
});
