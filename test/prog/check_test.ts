import { assertEquals } from "@std/assert";
import { checkProgram } from "../../src/prog/check.ts";
import { ordinal, ParseError, unknownWord } from "../../src/prog/errors.ts";
import { formatReturn, returnValue } from "../../src/prog/errno.ts";
import { parseProgram } from "../../src/prog/parse.ts";
import type { Program } from "../../src/prog/types.ts";
import { EXAMPLE, OTHER, SPEC, TARGETS } from "./spec.ts";

function example(): Program {
  return parseProgram(EXAMPLE, "x", TARGETS).program!;
}

function messages(change: (program: Program) => void, spec = SPEC): string[] {
  const program = example();
  change(program);
  return checkProgram(program, spec).map(({ message }) => message);
}

Deno.test("checkProgram() finds no error in the example", () => {
  assertEquals(messages(() => {}), []);
});

Deno.test("checkProgram() refuses texts that would not read back", () => {
  const refused = (header: string, value: string) => [
    `Cannot write header "${header}": "${value}" is not one line of text`,
  ];
  assertEquals(messages((p) => p.title = ""), refused("title", ""));
  assertEquals(messages((p) => p.title = "a\ncpus: 3"), refused("title", "a<U+000A>cpus: 3"));
  assertEquals(messages((p) => p.links.push(" x")), refused("link", " x"));
  assertEquals(messages((p) => p.expects[0].title = "none"), refused("expect", "none"));
  assertEquals(messages((p) => p.expects[0].kernel = "a b"), refused("kernel", "a<U+000A>b"));
  for (const key of ["title", "links", "schedule", "cpu0", "a b"]) {
    assertEquals(messages((p) => p.extra.push({ key, value: "" })), [
      `Cannot write header "${key}": it would not read back`,
    ]);
  }
  assertEquals(messages((p) => p.ops[0].comments.push("a\nb")), [
    'Cannot write comment: "a<U+000A>b" is not one line of text',
  ]);
});

Deno.test("checkProgram() refuses operations and steps that would not read back", () => {
  assertEquals(messages((p) => p.ops[0].fail = [2, 1]), [
    'Cannot write "fail": the allocations are not ascending',
  ]);
  for (const returns of ["-ENOENTRY", "012", "-0", "x"]) {
    assertEquals(messages((p) => p.ops[0].returns = returns), [
      `Cannot write return value: "${returns}" is not a number or an error`,
    ]);
  }
  const until = (fn: string, what?: string, field?: string) => (p: Program) =>
    p.schedule = {
      kind: "symbolic",
      steps: [{ cpu: 0, kind: "until", until: { fn, what, field, nth: 1 }, comments: [] }],
    };
  assertEquals(messages(until("f", "load", "x")), []);
  for (
    const change of [
      until("end"),
      until("after"),
      until("a b"),
      until("f", "#"),
      until("f", undefined, "x"),
    ]
  ) {
    assertEquals(messages(change).map((m) => m.replace(/".*"/, "X")), [
      "Cannot write step: X is not a point that can be named",
    ]);
  }
});

Deno.test("checkProgram() refuses a program for another target", () => {
  assertEquals(
    messages((p) => p.ops = [], OTHER),
    ['Cannot check a program for "objcg": the target is "percpu_ref"'],
  );
});

Deno.test("ParseError.toString() leaves out an unknown file and position", () => {
  assertEquals(String(new ParseError("f", { line: 2, column: 3 }, "Bad")), "f:2:3: Bad");
  assertEquals(String(new ParseError("f", { line: 0, column: 0 }, "Bad")), "f: Bad");
  assertEquals(String(new ParseError("", { line: 0, column: 0 }, "Bad")), "Bad");
});

Deno.test("unknownWord() names the word that was probably meant", () => {
  const words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "theta"];
  assertEquals(unknownWord("word", "gmama", words), 'Unknown word "gmama": did you mean "gamma"?');
  assertEquals(unknownWord("word", "xyz", ["a", "b"]), 'Unknown word "xyz": expected "a" or "b"');
  assertEquals(unknownWord("word", "xyz", []), 'Unknown word "xyz": none is known here');
  assertEquals(
    unknownWord("word", "bxxxx", words),
    'Unknown word "bxxxx": the nearest known one is "beta"',
  );
});

Deno.test("ordinal() spells English ordinals", () => {
  assertEquals(
    [1, 2, 3, 4, 11, 12, 13, 21, 65, 111, 257].map(ordinal).join(" "),
    "1st 2nd 3rd 4th 11th 12th 13th 21st 65th 111th 257th",
  );
});

Deno.test("returnValue() undoes formatReturn()", () => {
  assertEquals([formatReturn(-12), formatReturn(7), formatReturn(-999)], ["-ENOMEM", "7", "-999"]);
  for (const value of [-12, -1, 0, 1, 7, -999]) {
    assertEquals(returnValue(formatReturn(value)), value);
  }
});
