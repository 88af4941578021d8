/** `c show`, on a tree that is written here. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { nearestKernel } from "../../../src/cli/parent/linux_tree.ts";
import { ran, withDir } from "../harness.ts";
import { writeTree } from "../tree_of_c.ts";

const FUNCTIONS = `/* Whether there is anything. */
static bool drain_stock(struct memcg_stock_pcp *stock)
{
	unsigned int nr;

	pr_debug("drain");
	nr = READ_ONCE(stock->nr_pages);
	return nr;
}

static void refill_stock(struct mem_cgroup *memcg, unsigned int nr_pages)
{
	shake_stock(memcg);
}
`;

Deno.test("c show prints a function beside its translation, and what it leaves out", () =>
  withDir(async (dir) => {
    const at = writeTree(dir, FUNCTIONS);
    const { code, out } = await ran(["c", "show", "drain_stock", "--linux", dir]);
    assertEquals(code, 0);
    const lines = out.trimEnd().split("\n").map((line) => line.trimEnd());
    assertEquals(lines[0], `mm/memcontrol.c:${at + 1}`);
    const right = lines.filter((l) => l.includes("│")).map((l) => l.split("│ ")[1]).filter((l) =>
      l
    );
    assertEquals(right, [
      "drain_stock(stock: memcg_stock_pcp | null): boolean {",
      "  const nr = READ_ONCE(stock.$nr_pages) >>> 0;",
      "  return nr !== 0;",
      "}",
    ]);
    assertStringIncludes(out, "    nr = READ_ONCE(stock->nr_pages); ");
    assertStringIncludes(
      lines.at(-1)!,
      `mm/memcontrol.c:${at + 5}: pr_debug(): code patching, messages`,
    );
  }));

Deno.test("c show --json prints one event per function", () =>
  withDir(async (dir) => {
    const at = writeTree(dir, FUNCTIONS);
    const { out } = await ran(["c", "show", "drain_stock", "--linux", dir, "--json"]);
    const event = JSON.parse(out);
    assertEquals([event.event, event.name, event.line], ["translation", "drain_stock", at + 1]);
    assertEquals(event.translation.length, 2);
    assertEquals(event.left_out.map(({ line }: { line: number }) => line), [at + 5]);
  }));

Deno.test("c show names file, line, function and callee of what it does not know", () =>
  withDir(async (dir) => {
    const at = writeTree(dir, FUNCTIONS);
    const { code, err } = await ran(["c", "show", "refill_stock", "--linux", dir]);
    assertEquals(code, 1);
    const expected = `mm/memcontrol.c:${
      at + 12
    }:2: Cannot translate refill_stock(): it calls shake_stock(), `;
    assert(err.startsWith(`${dir}/${expected}`), err);
  }));

Deno.test("c show says what is wrong with its arguments, and with a tree", () =>
  withDir(async (dir) => {
    const error = async (...args: string[]) => {
      const { code, err } = await ran(["c", "show", ...args]);
      assertEquals(code, 1);
      return err.trimEnd();
    };
    assertEquals(await error("f"), "error: Cannot c show: --linux TREE names no tree");
    const none = `error: Cannot use --linux ${dir}: Makefile has no VERSION and PATCHLEVEL`;
    assert((await error("f", "--linux", dir)).startsWith(none));
    writeTree(dir, FUNCTIONS);
    assertEquals(
      await error("--linux", dir),
      "error: Cannot c show: it needs the name of a function",
    );
    assertStringIncludes(
      await error("stir", "--linux", dir),
      `Cannot find stir() in the files of ${dir}`,
    );
  }));

Deno.test("c list prints what is translated, and why the rest is not", () =>
  withDir(async (dir) => {
    const at = writeTree(dir, FUNCTIONS);
    const { code, out } = await ran(["c", "list", "--linux", dir]);
    assertEquals(code, 0);
    const lines = out.trimEnd().split("\n");
    assertEquals(
      lines[0].replace(/ +/, " "),
      `drain_stock mm/memcontrol.c:${at + 1}, 1 call left out`,
    );
    assert(
      /^refill_stock +mm.memcontrol.c:\d+:2: .* it calls shake_stock\(\)/.test(lines[3]),
      lines[3],
    );
    const last = "1 of 2 functions that model and tree have are translated, with 1 call left out; ";
    assert(lines.at(-1)!.startsWith(last), lines.at(-1));
  }));

Deno.test("a tree runs as the nearest kernel that is not newer", () => {
  assertEquals(["v6.1", "v6.2", "v6.12", "v5.18"].map(nearestKernel), [
    "v6.1",
    "v6.1",
    "v6.12",
    "v5.18",
  ]);
  for (const far of ["v5.2", "v7.9"]) {
    let message = "";
    try {
      nearestKernel(far);
    } catch (e) {
      message = (e as Error).message;
    }
    assert(message.startsWith(`Cannot use a tree of ${far}: the model has v5.9 to v`), message);
  }
});
