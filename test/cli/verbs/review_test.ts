/** `review`, as far as nothing needs to run. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { ran, tree, withDir } from "../harness.ts";
import { writeTree } from "../tree_of_c.ts";

const TREE = `static bool drain_stock(struct memcg_stock_pcp *stock)
{
	return READ_ONCE(stock->nr_pages);
}

static void shake_stock(void)
{
	rattle();
}
`;

/** A diff that puts a line in front of the one at `line`, whose text is `text`. */
function diffAt(line: number, text: string, added: string): string {
  return `--- a/mm/memcontrol.c\n+++ b/mm/memcontrol.c\n@@ -${line} +${line},2 @@\n+${added}\n ${text}\n`;
}

/** Review a diff on the tree. */
async function review(dir: string, diff: string, ...flags: string[]) {
  writeTree(dir, TREE);
  Deno.writeTextFileSync(`${dir}/fix.diff`, diff);
  const places = ["--linux", dir, "--cache", `${dir}/cache`, "--artifacts", `${dir}/found`];
  return await ran(["review", `${dir}/fix.diff`, ...places, ...flags]);
}

const RETURN = "\treturn READ_ONCE(stock->nr_pages);";

Deno.test("review says that a diff of blanks and comments changes nothing, and runs nothing", () =>
  withDir(async (dir) => {
    const at = writeTree(dir, TREE) + 2;
    const { code, out } = await review(dir, diffAt(at, RETURN, "\t/* All of them. */"));
    assertEquals(code, 0);
    const end = `fix.diff on ${dir} (v6.12): nothing changed; what runs is the same\n`;
    assertEquals(out, `Review of ${dir}/${end}`);
    assertEquals(tree(dir).includes("found/"), false);
    const json = await review(dir, diffAt(at, RETURN, ""), "--json");
    const { changed, causes } = JSON.parse(json.out);
    assertEquals([changed, causes], [[], []]);
  }));

Deno.test("review refuses a diff of which nothing runs in the model", () =>
  withDir(async (dir) => {
    const at = writeTree(dir, TREE) + 7;
    const { code, err } = await review(dir, diffAt(at, "\trattle();", "\tshake();"));
    assertEquals(code, 1);
    assertEquals(
      err,
      `error: Cannot review ${dir}/fix.diff: nothing of what it changes runs in the model\n` +
        "  shake_stock(): the model does not have it\n",
    );
  }));

Deno.test("review says what is missing on its command line", async () => {
  const errors: [string[], string][] = [
    [["review"], "Cannot review: expected a diff with --linux TREE, or a patch (*.ts)"],
    [
      ["review", "fix.diff"],
      "Cannot review fix.diff: a diff needs --linux TREE; a patch of the model is a .ts file",
    ],
    [
      ["review", "--no-check", "fix.ts"],
      "Cannot review fix.ts: --kernel NAME names the kernel that it is a patch of",
    ],
    [["review", "--claim", "x.txt"], "Cannot judge a claim: --kernel NAME or --linux TREE says of"],
    [["review", "--claim", "x.txt", "--kernel", "v5.9"], 'Cannot read "x.txt": no such file'],
    [["review", "fix.diff", "--linux", "/nowhere"], "Makefile has no VERSION and PATCHLEVEL"],
  ];
  for (const [args, message] of errors) {
    const { code, err } = await ran(args);
    assertEquals(code, 1);
    assertStringIncludes(err, message);
  }
});
