/** The pages of campaigns, in a browser. */
import { assertEquals, assertGreater, assertLessOrEqual, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { campaignPage } from "../../src/page/campaign.ts";
import { CAMPAIGN } from "../page/campaigns.ts";
import { eventsOf, PATIENT, start, withDir } from "../system/harness.ts";
import { killAtOnce, shardsOf } from "./processes.ts";
import { overflow, violations, withPage } from "./browser.ts";

for (const width of [1280, 380]) {
  for (const colorScheme of ["light", "dark"] as const) {
    Deno.test(`the page of report is in order: ${width} px, ${colorScheme}`, () =>
      withDir(async (dir) => {
        const cell = { file: "x.txt", kernel: "posted", result: "bug", title: "t", ok: false };
        const html = campaignPage({ campaigns: [CAMPAIGN], matrix: [cell], live: false });
        Deno.writeTextFileSync(`${dir}/index.html`, html);
        const options = { viewport: { width, height: 900 }, colorScheme };
        await withPage(`file://${dir}/index.html`, options, async ({ complaints, page }) => {
          await page.waitForSelector(".matrix");
          for (const summary of await page.locator("summary").all()) await summary.click();
          assertEquals(await violations(page), []);
          assertEquals(await overflow(page), 0);
          await page.click(".fold");
          assertEquals(await violations(page), []);
          assertEquals(await overflow(page), 0);
          assertEquals(
            await page.textContent(".shards td.bad"),
            "SIGKILL after 1,234 executions",
          );
          assertEquals(await page.locator(".u-wrap canvas").count(), 4);
          assertEquals(await textsOf(page, ".causes tbody tr"), [
            "objcg belongs to a freed cgroup | 299 | s02-css-get-dead-memcg | shows as 2 findings:",
            "refcount: 0 -> 1 in obj_cgroup_charge | 299 | 2 CPUs, 2 operations, 1 switch | " +
            "deno task replay 'corpus/crashes/a b.txt'",
            "KASAN in g | 4,000 | 2 CPUs, 2 operations, 1 switch | " +
            "deno task replay 'corpus/crashes/a b.txt'",
            "<b>WARNING</b> in f | 1,200 | new | shows as 1 finding:",
            "<b>WARNING</b> in f | 1,200 | 2 CPUs, 2 operations, 1 switch | " +
            "deno task replay 'corpus/crashes/a b.txt'",
            "hung task in g |  | hang | not saved",
          ]);
          assertEquals(await page.locator(".causes a").allTextContents(), [
            "refcount: 0 -> 1 in obj_cgroup_charge",
            "<b>WARNING</b> in f",
          ]);
          assertEquals(await textsOf(page, ".lines tbody tr"), [
            "7 | 4 |  |  | int f(struct s *s)",
            "8 |  |  |  | {",
            "9 | 12 | 5 | 1 | \treturn READ_ONCE(s->n) + s->m;",
            "10 |  |  |  | }",
          ]);
          assertEquals(await textsOf(page, ".functions > tbody > tr[data-function]"), [
            "f() | mm/f.c:7 | 2 | 1 | 1",
          ]);
          assertEquals(complaints, []);
        });
      }));
  }
}

/** The cells of each row, in one text. */
function textsOf(page: Page, rows: string): Promise<string[]> {
  return page.locator(rows).evaluateAll((all) =>
    all.map((row) =>
      // deno-lint-ignore no-explicit-any
      [...(row as any).cells].map((cell: any) => cell.textContent as string).join(" | ")
    )
  );
}

/** The address that `watch` prints; everything it prints afterwards is read, too. */
async function addressIn(stream: ReadableStream<Uint8Array>): Promise<string> {
  const found = Promise.withResolvers<string>();
  let text = "";
  (async () => {
    for await (const chunk of stream) {
      text += new TextDecoder().decode(chunk);
      const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(text) ?? [];
      if (url !== undefined) found.resolve(url);
    }
    found.reject(new Error(text));
  })();
  return await found.promise;
}

const fact = async (page: Page, name: string) =>
  Number((await page.textContent(`[data-fact="${name}"]`))!.replaceAll(",", ""));

/** The page has run inputs, and knows lines of the model with what happened there. */
async function assertCoverage(page: Page): Promise<void> {
  const section = page.locator("section.coverage");
  assertGreater(Number(await section.getAttribute("data-inputs")), 10);
  await page.click('summary:text("Coverage by function and line")');
  const charge = page.locator('[data-function="obj_cgroup_charge"]');
  const [lines, byTwo, handler] = (await charge.locator("td.number").allTextContents()).map(Number);
  assertGreater(lines, 1);
  assertGreater(byTwo, 0);
  assertLessOrEqual(handler, lines);
  await charge.locator("button").click();
  const read = page.locator('.lines tr:is(.both, .two):has-text("rcu_read_lock();")');
  assertGreater(Number((await read.locator("td").nth(1).textContent())!.replaceAll(",", "")), 0);
}

Deno.test("watch shows a shard that is killed, and the one that takes its place", () =>
  withDir(async (dir) => {
    const child = start(
      "watch",
      ...["--seed", "1", "--for", "10m", "--shards", "2", "--corpus", dir, "--port", "0"],
      ...PATIENT,
    );
    const out = new Response(child.stdout).text();
    const url = await addressIn(child.stderr);
    try {
      await withPage(url, {}, async ({ complaints, page }) => {
        const works = (shard: number) =>
          page.waitForSelector(
            `[data-shard="${shard}"]:not([data-execs="0"])`,
            { timeout: 120_000 },
          );
        await works(0);
        await works(1);
        const shards = await shardsOf(child.pid);
        assertEquals(shards.length, 2);
        await killAtOnce(shards[0]);
        const dead = await page.waitForSelector(".shards td.bad", { timeout: 120_000 });
        assertMatch((await dead.textContent())!, /^SIGKILL after [\d,]+ executions$/);
        const row = page.locator(".shards tr", { has: page.locator("td.bad") });
        await works(Number(await row.getAttribute("data-shard")));
        assertEquals(await page.textContent('[data-fact="State"]'), "running");
        assertEquals((await shardsOf(child.pid)).length, 2);
        assertEquals(complaints, []);
      });
    } finally {
      child.kill("SIGINT");
      await child.status;
    }
    await out;
  }));

Deno.test("watch shows a campaign while it runs, and ends with the figures of --json", () =>
  withDir(async (dir) => {
    const child = start(
      "watch",
      ...["--seed", "1", "--for", "25000x", "--shards", "1", "--corpus", dir, "--port", "0"],
      ...["--count-known", "--json", ...PATIENT],
    );
    const out = new Response(child.stdout).text();
    const url = await addressIn(child.stderr);
    await withPage(url, {}, async ({ complaints, page }) => {
      // A cause comes while the campaign runs, and its page is there.
      await page.waitForSelector("[data-cause]", { timeout: 120_000 });
      assertEquals(await page.textContent('[data-fact="State"]'), "running");
      assertEquals(await violations(page), []);
      // Its page is there; what the campaign did not tell is not.
      const statuses = await page.evaluate(async () => {
        // deno-lint-ignore no-explicit-any
        const { document } = globalThis as any;
        const paths = [document.querySelector(".causes a").href, "findings/99.html", "x"];
        return await Promise.all(paths.map(async (path) => (await fetch(path)).status));
      });
      assertEquals(statuses, [200, 404, 404]);
      // A browser complains of what was not found.
      complaints.splice(0);
      await page.waitForSelector('[data-fact="State"]:text("over")', { timeout: 300_000 });
      const events = { out: await out };
      const [done] = eventsOf(events, "done");
      assertEquals(
        [await fact(page, "Executions"), await fact(page, "Features"), await fact(page, "Points")],
        [done.execs, done.features, done.points],
      );
      const crashes = eventsOf(events, "crash");
      const shown = (name: string) =>
        page.locator(`[data-${name}]`).evaluateAll(
          // deno-lint-ignore no-explicit-any
          (all, name) => all.map((row: any) => row.dataset[name] as string),
          name,
        );
      assertEquals((await shown("finding")).sort(), crashes.map(({ title }) => title).sort());
      assertEquals(await shown("cause"), [...new Set(crashes.map(({ cause }) => cause))]);
      const first = crashes.filter(({ cause }) => cause === crashes[0].cause);
      assertEquals((await shown("execs"))[0], `${first[0].execs_to_find}`);
      await assertCoverage(page);
      assertEquals(await page.locator("figure", { hasText: "Strategies" }).count(), 1);
      assertEquals(await violations(page), []);
      assertEquals(complaints, []);
    });
    assertEquals((await child.status).code, 77);
  }));
