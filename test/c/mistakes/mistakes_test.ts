import { assert, assertEquals, assertThrows } from "@std/assert";
import { diffOf, type Mistake, MISTAKES, withMistake } from "./mistakes.ts";

const POT = `static int stir(struct pot *pot)
{
\tif (!pot)
\t\treturn -1;
\tpot->beans++;
\treturn 0;
}

static int empty(struct pot *pot)
{
\tif (!pot)
\t\treturn -1;
\tpot->beans = 0;
\treturn 0;
}
`;

const FORGETS: Mistake = {
  name: "missing NULL check",
  file: "lib/pot.c",
  within: /^static int empty\(/m,
  edits: [[/^\tif \(!pot\)\n\t\treturn -1;\n/m, ""]],
};

Deno.test("a mistake is made in its function, and nowhere else", () => {
  const text = withMistake(FORGETS, POT);
  assertEquals(text.match(/if \(!pot\)/g)?.length, 1);
  assert(text.indexOf("if (!pot)") < text.indexOf("empty("));
});

Deno.test("a mistake is told as a unified diff of its file", () => {
  const lines = diffOf(FORGETS, POT).split("\n");
  assertEquals(lines.slice(0, 2).map((line) => line.split("\t")[0]), [
    "--- a/lib/pot.c",
    "+++ b/lib/pot.c",
  ]);
  const changed = lines.slice(2).filter((line) => /^[-+]/.test(line));
  assertEquals(changed, ["-\tif (!pot)", "-\t\treturn -1;"]);
});

Deno.test("a place that is not there, or more than once, is an error that names the mistake", () => {
  const elsewhere = { ...FORGETS, within: /^static int fill\(/m };
  assertThrows(
    () => withMistake(elsewhere, POT),
    Error,
    'lib/pot.c: no place for "missing NULL check"',
  );
  const twice: Mistake = { ...FORGETS, edits: [[/return/, "goto"]] };
  assertThrows(() => withMistake(twice, POT), Error, "must be there once");
});

Deno.test("there is one mistake of each of ten kinds", () => {
  assertEquals(new Set(MISTAKES.map(({ name }) => name)).size, 10);
});
