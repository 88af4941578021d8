import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { bitsOf, wordsOf } from "../../src/prog/flags.ts";
import { OP_ARGS, operationAt, PROGRAM_WORDS } from "../../src/prog/layout.ts";
import { packProgram, unpackProgram } from "../../src/prog/pack.ts";
import { parseProgram } from "../../src/prog/parse.ts";
import { printOperation, printProgram } from "../../src/prog/print.ts";
import { scaffold } from "../../src/prog/scaffold.ts";
import { flags } from "../../src/prog/target.ts";
import type { ArgSpec, Program } from "../../src/prog/types.ts";
import { SPEC, TARGETS } from "./spec.ts";

const GFP = SPEC.ops.find(({ name }) => name === "alloc_pages")!.args[1] as Extract<
  ArgSpec,
  { type: "flags" }
>;
const file = (line: string) => `objcg-fuzz 1\ntitle: t\ncpus: 2\n\n${line}\n`;

function parse(line: string): Program {
  const { program, errors } = parseProgram(file(line), "x.txt", TARGETS);
  assertEquals(errors.map(String), []);
  return program!;
}

function packed(line: string): Int32Array {
  const words = new Int32Array(PROGRAM_WORDS);
  packProgram(parse(line), SPEC, words);
  return words;
}

Deno.test("flags are words joined by |, with or without space, and are printed without", () => {
  const LINES: [written: string, printed: string][] = [
    ["cpu0  alloc_pages(1)", "cpu0  alloc_pages(1)"],
    ["cpu0  alloc_pages(1, GFP_KERNEL)", "cpu0  alloc_pages(1, GFP_KERNEL)"],
    [
      "cpu0  alloc_pages(1, GFP_KERNEL | __GFP_NOFAIL)",
      "cpu0  alloc_pages(1, GFP_KERNEL|__GFP_NOFAIL)",
    ],
  ];
  for (const [written, printed] of LINES) {
    const program = parse(written);
    assertEquals(printOperation(program.ops[0]), printed);
    assertEquals(printProgram(program), file(printed));
  }
});

Deno.test("flags that are left out pack as 0, others as their bits", () => {
  const word = (line: string) => packed(line)[operationAt(0) + OP_ARGS + 1];
  assertEquals(word("cpu0  alloc_pages(1)"), 0);
  assertEquals(word("cpu0  alloc_pages(1, GFP_NOWAIT)"), 2);
  assertEquals(word("cpu0  alloc_pages(1, GFP_KERNEL|__GFP_NOFAIL)"), 7);
  assertEquals(word("cpu0  alloc_pages(1, __GFP_NOFAIL|GFP_KERNEL)"), 7);
});

Deno.test("unpackProgram() makes the words that stand for most bits out of a number", () => {
  const words = packed("cpu0  alloc_pages(1, __GFP_NOFAIL|GFP_NOWAIT|GFP_KERNEL)");
  const line = () => printOperation(unpackProgram(words, SPEC).ops[0]);
  assertEquals(line(), "cpu0  p1 = alloc_pages(1, GFP_KERNEL|__GFP_NOFAIL)");
  words[operationAt(0) + OP_ARGS + 1] = 0;
  assertEquals(line(), "cpu0  p1 = alloc_pages(1)");
  words[operationAt(0) + OP_ARGS + 1] = 1;
  assertThrows(line, RangeError, "Cannot unpack gfp: no words make up 1");
});

Deno.test("wordsOf() undoes bitsOf()", () => {
  for (let bits = 2; bits < 16; bits++) {
    const words = wordsOf(GFP, bits);
    if (words !== undefined) assertEquals(bitsOf(GFP, words), bits);
    else assert((bits & 3) === 1, `${bits}: one bit of GFP_KERNEL has no word of its own`);
  }
  assertEquals(bitsOf(GFP, ["GFP_KERNEL", "GFP_USER"]), "GFP_USER");
});

const WRONG: [line: string, message: string][] = [
  [
    "cpu0  alloc_pages(1, GFP_NOWAI)",
    '5:22: Cannot parse argument 2 of "alloc_pages": unknown word "GFP_NOWAI": did you mean "GFP_NOWAIT"?',
  ],
  [
    "cpu0  alloc_pages(1, 3)",
    '5:22: Cannot parse argument 2 of "alloc_pages": "3" is no word such as "GFP_KERNEL"',
  ],
  [
    "cpu0  alloc_pages(1, GFP_KERNEL|)",
    '5:33: Cannot read flags "GFP_KERNEL|": expected a word, found ")"',
  ],
  [
    "cpu0  alloc_pages(1, GFP_KERNEL, 3)",
    '5:7: Cannot call "alloc_pages" with 3 arguments: expected alloc_pages(order, [gfp])',
  ],
  [
    "cpu0  alloc_pages()",
    '5:7: Cannot call "alloc_pages" with 0 arguments: expected alloc_pages(order, [gfp])',
  ],
  [
    "cpu0  rmdir(root|root)",
    '5:13: Cannot parse argument 1 of "rmdir": unknown name "root|root": expected "root"',
  ],
];
for (const [line, message] of WRONG) {
  Deno.test(`parseProgram() explains ${line}`, () => {
    const { errors } = parseProgram(file(line), "x.txt", TARGETS);
    assertEquals(errors.map(String), [`x.txt:${message}`]);
  });
}

Deno.test("flags() refuses combinations that are none", () => {
  assertEquals(flags("gfp", { A: 1, B: 2 }), {
    name: "gfp",
    type: "flags",
    words: { A: 1, B: 2 },
    common: [1, 2],
  });
  for (const wrong of ["C", "A|C", "", "NOTHING"]) {
    assertThrows(
      () => flags("gfp", { A: 1, NOTHING: 0 }, [wrong]),
      RangeError,
      `Cannot offer "${wrong}" as gfp: it is no combination of its words`,
    );
  }
});

Deno.test("scaffold() shows the words, and that the argument may be left out", () => {
  assertStringIncludes(
    scaffold("t", [], SPEC),
    "#   page = alloc_pages(order: 0..3, [gfp: GFP_KERNEL|GFP_NOWAIT|__GFP_NOFAIL|__GFP_HIGH])\n",
  );
});
