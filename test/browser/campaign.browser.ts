/** The pages of campaigns, in a browser. */
import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { campaignPage } from "../../src/page/campaign.ts";
import { CAMPAIGN } from "../page/campaigns.ts";
import { eventsOf, PATIENT, start, withDir } from "../system/harness.ts";
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
          assertEquals(await page.textContent(".shards td.bad"), "died once");
          assertEquals(await page.locator(".u-wrap canvas").count(), 3);
          assertEquals(await page.locator("[data-cause] a").allTextContents(), [
            "refcount: 0 -> 1 in obj_cgroup_charge",
            "<b>WARNING</b> in f",
          ]);
          assertEquals(complaints, []);
        });
      }));
  }
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
        const paths = [document.querySelector("[data-cause] a").href, "findings/99.html", "x"];
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
      const crashes = eventsOf(events, "crash").map(({ title }) => title);
      const rows = page.locator("[data-cause]");
      const shown = await rows.evaluateAll((all) =>
        // deno-lint-ignore no-explicit-any
        all.map((row: any) => row.dataset.cause as string)
      );
      assertEquals(shown, crashes);
      assertEquals(complaints, []);
    });
    assertEquals((await child.status).code, 77);
  }));
