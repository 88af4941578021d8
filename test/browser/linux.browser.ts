/** A page with the C of a tree, in a browser. The C is written here. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { writeTree } from "../cli/tree_of_c.ts";
import { ROOT, withDir } from "../system/harness.ts";
import { overflow, violations, withPage } from "./browser.ts";
import { withFinding } from "./pages.ts";

const SEED = "corpus/objcg/seeds/s03-flush-required-null-displaced.txt";

/** It loads the pointer twice: S3. */
const TWICE = `static bool obj_stock_flush_required(struct memcg_stock_pcp *stock,
		struct mem_cgroup *root)
{
	if (!stock->cached_objcg)
		return false;
	return mem_cgroup_is_descendant(obj_cgroup_memcg(stock->cached_objcg), root);
}
`;

Deno.test("the page of a tree shows its C at the point, with the line marked", () =>
  withDir(async (dir) => {
    const first = writeTree(dir, TWICE);
    const seed = Deno.readTextFileSync(`${ROOT}${SEED}`);
    // Since v6.5 the pointer is cleared with WRITE_ONCE().
    const text = seed.replace("store cached_objcg", "WRITE_ONCE cached_objcg");
    Deno.writeTextFileSync(`${dir}/s03.txt`, text);
    const flags = ["--linux", dir, "--cache", `${dir}/cache`];
    await withFinding(
      [`${dir}/s03.txt`, ...flags],
      ({ data, url }) =>
        withPage(url, {}, async ({ complaints, page }) => {
          await page.waitForSelector("#text");
          const step = data.points.findLastIndex(({ stack, what }) =>
            stack.at(-1) === "obj_stock_flush_required" && what === "load"
          );
          await page.keyboard.press("End");
          let at = data.run[1] - 1;
          await page.waitForSelector(`#text[data-step="${at}"]`);
          while (at > step) {
            await page.keyboard.press("ArrowLeft");
            await page.waitForSelector(`#text[data-step="${--at}"]`);
          }
          const line = first + TWICE.split("\n").findIndex((l) => l.includes("is_descendant"));
          assertStringIncludes((await page.textContent("#source"))!, `mm/memcontrol.c:${line}`);
          const marked = await page.locator("pre.source mark").allTextContents();
          assertEquals(marked.length, 1);
          assertStringIncludes(marked[0], "obj_cgroup_memcg(stock->cached_objcg)");
          assertEquals(await violations(page), []);
          assertEquals(await overflow(page), 0);
          assertEquals(complaints, []);
        }),
    );
  }));
