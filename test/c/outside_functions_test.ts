import { assertEquals } from "@std/assert";
import { changedOutside } from "../../src/c/front/outside_functions.ts";
import { treeOf } from "./small_tree.ts";

const BEFORE = `#define LID 4

struct pot {
	int beans;
};

static int stir(struct pot *pot)
{
	return pot->beans + LID;
}
`;

async function changed(after: string): Promise<string[]> {
  const [from, to] = await Promise.all([BEFORE, after].map(async (text) => ({
    tree: await treeOf(text),
    text,
  })));
  return changedOutside(from, to, "lib/pot.c");
}

Deno.test("a constant and a field are changes outside of functions, with their lines", async () => {
  const after = BEFORE.replace("LID 4", "LID 5").replace("int beans", "u16 beans");
  assertEquals(await changed(after), [
    "lib/pot.c: gone: #define LID 4",
    "lib/pot.c:1: #define LID 5",
    "lib/pot.c: gone: int beans;",
    "lib/pot.c:4: u16 beans;",
  ]);
});

Deno.test("what changes in a function is none, nor a comment, a blank or a line that moves", async () => {
  const after = BEFORE.replace("+ LID", "- LID").replace(
    "struct pot {",
    "/* new */\n\nstruct pot {",
  );
  assertEquals(await changed(after), []);
});
