/** Lines of C that say when they are passed. */
import { assertEquals } from "@std/assert";
import { translateTree } from "../../src/c/translate/translate.ts";
import { textOf } from "../../src/c/translate/lines.ts";
import { moduleText } from "../../src/c/translate/module.ts";
import { watchLines } from "../../src/c/translate/watch.ts";
import { modelOf, POT, treeOf } from "./small_tree.ts";

const BEFORE = POT.split("\n").length;
const C = `static void season(struct pot *pot)
{
	pot->beans += 2;
}

int cook(struct pot *pot)
{
	int n = 0;

	while (pot->lid) {
		n++;
		if (n > 9)
			return -1;
	}
	if (pot->hot) {
		n = 1;
	} else if (pot->beans) {
		season(pot);
	} else {
		n = 3;
	}
	do {
		n++;
	} while (n < pot->temperature);
	return n;
}
`;

/** The functions in which these lines of C, counted in the text above, say that they are passed. */
async function watched(...lines: number[]) {
  const tree = await treeOf(POT + C);
  const model = modelOf({ cook: 1 });
  const wanted = lines.map((line) => ({ file: "lib/pot.c", line: BEFORE - 1 + line }));
  const made = watchLines(translateTree(tree, model), wanted, { lines: 9, functions: 2 });
  const { functions, helpers } = made.translation;
  const text = (name: string) => textOf((functions.get(name) ?? helpers.get(name))!.lines);
  return { ...made, text, tree, model };
}

Deno.test("watchLines() marks statements, conditions and branches where they are", async () => {
  const { numbers, text } = await watched(10, 12, 13, 17, 20, 24);
  assertEquals(numbers, [0, 1, 2, 3, 4, 5]);
  assertEquals(text("cook").split("\n").filter((line) => line.includes("passed")), [
    "while (passed(0), pot_.lid) {",
    "  if (passed(1), n > 9) { passed(2); return -1; }",
    "else if (passed(3), pot_.beans) season(pot_);",
    "else { passed(4); n = 3; }",
    "} while (passed(5), n < pot_.temperature);",
  ]);
});

Deno.test("watchLines() gives lines of one statement one number, and lines of no function none", async () => {
  const { numbers, text } = await watched(8, 9, 27, 25);
  assertEquals(numbers, [0, 0, null, 1]);
  assertEquals(text("cook").split("\n")[0], "passed(0); let n = 0;");
});

Deno.test("watchLines() leaves out what is too much to watch", async () => {
  const tree = await treeOf(POT + C);
  const translation = translateTree(tree, modelOf({ cook: 1 }));
  const wanted = [3, 12, 13, 25].map((n) => ({ file: "lib/pot.c", line: BEFORE - 1 + n }));
  const few = watchLines(translation, wanted, { lines: 2, functions: 2 });
  assertEquals([few.numbers, few.within], [[0, 1, null, null], [0, 1]]);
  assertEquals(watchLines(translation, wanted, { lines: 9, functions: 1 }).numbers, [
    0,
    null,
    null,
    null,
  ]);
});

Deno.test("a function that the model has not stands in those that call it", async () => {
  const { functions, numbers, translation, tree, model, text, within } = await watched(3, 25);
  assertEquals([functions, within, numbers], [[["cook"], ["cook"]], [0, 1], [0, 1]]);
  assertEquals(text("season").startsWith("passed(0); "), true);
  const module = moduleText(translation, tree, model, { root: "file:///" }, "pots");
  const [line] = module.split("\n").filter((l) => l.startsWith("import { passed }"));
  assertEquals(line, 'import { passed } from "file:///src/machine/hooks/passages.ts";');
});
