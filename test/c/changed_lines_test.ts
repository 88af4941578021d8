/** Which lines of two texts differ, and which of those do something. */
import { assertEquals } from "@std/assert";
import { changedLines } from "../../src/c/front/changed_lines.ts";

const POT = `int heat(struct pot *pot)
{
	int t = pot->temperature;

	if (t > 100)
		return -1;
	stir(pot);
	return t;
}
`;

function changed(from: string, to: string): string[] {
  return changedLines(POT, POT.replace(from, to)).map(({ line, gone, text }) =>
    `${line} ${gone}: ${text}`
  );
}

Deno.test("changedLines() names new lines, but not blanks, comments, brackets and declarations", () => {
  assertEquals(changed("t > 100", "t >= 100"), ["5 0: if (t >= 100)"]);
  const more =
    "\tstir(pot);\n\n\t{\n\t\tstruct pot *other, *third;\n\t\twash(pot); /* now */\n\t}\n";
  assertEquals(changed("\tstir(pot);\n", more), ["11 0: wash(pot);"]);
  assertEquals(changed("if (t > 100)", "if (t  > 100) /* too hot */"), []);
  assertEquals(changed("stir(pot);", "return;"), ["7 0: return;"]);
});

Deno.test("changedLines() lets the line behind stand for what is gone", () => {
  assertEquals(changed("\tstir(pot);\n", ""), ["7 1: return t;"]);
  assertEquals(changed("\tif (t > 100)\n\t\treturn -1;\n", ""), ["5 2: stir(pot);"]);
});
