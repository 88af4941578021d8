import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { INPUT, ran, tree, withDir } from "../harness.ts";

const LINK = "https://lore.kernel.org/r/1";

Deno.test("seed new writes a scaffold that passes the check, and says what is next", () =>
  withDir(async (dir) => {
    const args = ["seed", "new", "What goes wrong", "--link", LINK, "--out", `${dir}/seeds`];
    const { code, out, err } = await ran(args);
    const path = `${dir}/seeds/what-goes-wrong.txt`;
    assertEquals([code, out], [0, `${path}\n`]);
    assertStringIncludes(err, `deno task seed check ${path}\n`);
    assertStringIncludes(err, `deno task replay ${path} --trace\n`);
    assertStringIncludes(Deno.readTextFileSync(path), `link: ${LINK}\n`);
    assertEquals((await ran(["seed", "check", path])).code, 0);
    assertEquals((await ran(["seed", "fmt", "--check", path])).code, 0);
  }));

Deno.test("seed new never overwrites a file", () =>
  withDir(async (dir) => {
    const args = ["seed", "new", "x", "--link", LINK, "--out", dir];
    await ran(args);
    Deno.writeTextFileSync(`${dir}/x.txt`, "mine");
    const { code, err } = await ran(args);
    assertEquals([code, err], [1, `error: Cannot write "${dir}/x.txt": it exists already\n`]);
    assertEquals(Deno.readTextFileSync(`${dir}/x.txt`), "mine");
  }));

Deno.test("seed new --out FILE.txt writes that file", () =>
  withDir(async (dir) => {
    const path = `${dir}/mine/x.txt`;
    const { code, out } = await ran(["seed", "new", "What", "--link", LINK, "--out", path]);
    assertEquals([code, out, tree(dir)], [0, `${path}\n`, ["mine/", "x.txt"]]);
    assertStringIncludes(Deno.readTextFileSync(path), "title: What\n");
  }));

Deno.test("seed new wants a title and a link", async () => {
  const message = async (...args: string[]) => (await ran(["seed", "new", ...args])).err;
  assertEquals(
    await message(),
    "error: Cannot seed new: expected one title, in quotes, found none\n",
  );
  assertEquals(
    await message("two", "words"),
    "error: Cannot seed new: expected one title, in quotes, found 2\n",
  );
  assertEquals(await message(" ", "--link", LINK), "error: Cannot seed new: the title is empty\n");
  assertEquals(
    await message("title"),
    "error: Cannot seed new: expected --link URL, the mail or commit that the seed comes from\n",
  );
});

Deno.test("seed fmt rewrites what is not canonical, and keeps comments", () =>
  withDir(async (dir) => {
    const file = `${dir}/x.txt`;
    Deno.writeTextFileSync(file, INPUT.replace("cpu0  rmdir(a)", "# Why.\ncpu0 rmdir( a )"));
    const check = await ran(["seed", "fmt", "--check", file]);
    assertEquals([check.code, check.out], [1, `Not formatted: ${file}\n`]);
    assertStringIncludes(Deno.readTextFileSync(file), "rmdir( a )");
    const { code, out } = await ran(["seed", "fmt", dir]);
    assertEquals([code, out], [0, `Formatted ${file}\n`]);
    assertStringIncludes(Deno.readTextFileSync(file), "# Why.\ncpu0  rmdir(a)\n");
    assertEquals((await ran(["seed", "fmt", dir])).out, "");
    assertEquals(tree(dir), ["x.txt"]);
  }));

Deno.test("seed fmt leaves a file with errors alone, and does the others", () =>
  withDir(async (dir) => {
    const bad = INPUT.replace("rmdir(a)", "rmdir(b)");
    Deno.writeTextFileSync(`${dir}/a.txt`, bad);
    Deno.writeTextFileSync(`${dir}/b.txt`, INPUT.replace("cpu0  rmdir", "cpu0 rmdir"));
    const { code, out, err } = await ran(["seed", "fmt", dir]);
    assertEquals([code, out], [1, `Formatted ${dir}/b.txt\n`]);
    assertMatch(err, /a\.txt:7:13: .*"b".*\n2 files, 1 formatted, 1 with errors left unchanged\n$/);
    assertEquals(Deno.readTextFileSync(`${dir}/a.txt`), bad);
  }));

Deno.test("seed check prints all errors of all files", () =>
  withDir(async (dir) => {
    Deno.writeTextFileSync(`${dir}/a.txt`, "nothing\n");
    Deno.writeTextFileSync(`${dir}/b.txt`, INPUT.replace("cpus: 2", "cpus: 2\npreempt: ful"));
    Deno.writeTextFileSync(`${dir}/c.txt`, INPUT);
    const { code, err } = await ran(["seed", "check", dir]);
    assertEquals(code, 1);
    assertMatch(
      err,
      /a\.txt:1:1: .*\n.*b\.txt:4:10: .*did you mean "full"\?\n3 files, 2 with errors\n$/,
    );
  }));

Deno.test("seed check says which points of a schedule a kernel of the file does not have", () =>
  withDir(async (dir) => {
    const steps = [
      "cpu0 until css_gte",
      "cpu0 until obj_cgroup_charge: css_gte",
      "cpu1 until drain_stock:  store  cahced #2",
      "cpu1 until drain_stock: store cached",
    ];
    const file = `${dir}/x.txt`;
    const text = INPUT.replace("cpu0 until end", steps.join("\n"));
    Deno.writeTextFileSync(file, text);
    const { code, err } = await ran(["seed", "check", file]);
    assertEquals(code, 1);
    assertEquals(
      err,
      [
        `${file}:10:12: Unknown kernel function "css_gte": did you mean "css_get"? (on posted)`,
        `${file}:11:31: Unknown primitive or kernel function "css_gte": ` +
        'did you mean "css_get"? (on posted)',
        `${file}:12:33: Unknown field "cahced": did you mean "cached"? (on posted)`,
        "1 file, 1 with errors\n",
      ].join("\n"),
    );
    Deno.writeTextFileSync(file, text.replace("expect", "expect v5.9: none\nexpect"));
    assertStringIncludes((await ran(["seed", "check", file])).err, "(on v5.9, posted)\n");
  }));
