/** The page of a finding, in a browser. */
import { assert, assertEquals, assertLess } from "@std/assert";
import type { Page } from "playwright-core";
import { notInTrace, pointText } from "../page/text_trace.ts";
import { withDir } from "../system/harness.ts";
import { LARGEST, largest, withS2 } from "./pages.ts";
import { overflow, violations, withPage } from "./browser.ts";

/** What the page says of a step, when it shows it. */
async function shown(page: Page, step: number) {
  await page.waitForSelector(`#text[data-step="${step}"]`);
  return await page.evaluate(() => {
    // deno-lint-ignore no-explicit-any
    const { document } = globalThis as any;
    const text = document.querySelector("#text");
    const cell = document.querySelector("tr.changed td, tr.accessed td");
    return {
      cpu: Number(text.dataset.cpu),
      text: text.textContent as string,
      /** The value of the cell, after a change. */
      value: (cell?.querySelector("ins") ?? cell)?.textContent as string | undefined ?? null,
    };
  });
}

Deno.test("S2's page, stepped to the end, has the values of the text trace at every step", () =>
  withS2(({ data: { points, run }, trace, url }) =>
    withPage(url, {}, async ({ complaints, page }) => {
      await page.waitForSelector("#text");
      await page.keyboard.press("Home");
      const steps = [];
      for (let i = run[0]; i < run[1]; i++) {
        const now = await shown(page, i);
        const p = points[i];
        assertEquals([now.cpu, now.text], [p.cpu, pointText(p)]);
        if (p.field !== null && p.value !== null) assertEquals(now.value, p.value, now.text);
        steps.push(now);
        await page.keyboard.press("ArrowRight");
      }
      assert(steps.length > 150, `${steps.length} steps`);
      assertEquals(notInTrace(steps, trace), []);
      assertEquals(complaints, []);
    })
  ));

Deno.test("S2's page can be used with the keyboard alone", () =>
  withS2(({ data: { keys, run }, url }) =>
    withPage(url, {}, async ({ page }) => {
      await page.waitForSelector("#text");
      await shown(page, keys[0].index); // it begins at the first key point
      await page.keyboard.press("n");
      await shown(page, keys[1].index);
      await page.keyboard.press("p");
      await shown(page, keys[0].index);
      await page.keyboard.press("End");
      await shown(page, run[1] - 1);
      const seesFrom = (from: number, to: number) =>
        page.waitForSelector(`.timeline svg[aria-label$="points ${from} to ${to}"]`);
      await seesFrom(run[0], run[1] - 1);
      await page.keyboard.press("+");
      await page.waitForFunction(
        `!document.querySelector(".timeline svg").ariaLabel.includes("points ${run[0]} to")`,
      );
      await page.keyboard.press("0");
      await seesFrom(run[0], run[1] - 1);
      // Every control comes in the order of the page, and shows that it has the focus.
      const seen: string[] = [];
      for (let i = 0; i < 30; i++) {
        await page.keyboard.press("Tab");
        const [name, outline] = await page.evaluate(() => {
          // deno-lint-ignore no-explicit-any
          const { document, getComputedStyle } = globalThis as any;
          const e = document.activeElement;
          if (e === document.body) return ["", ""];
          const name = e.getAttribute("aria-label") || e.id || e.textContent;
          return [name as string, getComputedStyle(e).outlineStyle as string];
        });
        if (name === "" || seen.includes(name)) break;
        seen.push(name);
        assert(outline !== "none", `${name} shows no focus`);
      }
      assertEquals(seen, [
        "step",
        "Begin of the schedule",
        "Key point before",
        "Step back",
        "Zoom in",
        "Zoom out",
        "Zoom to the schedule",
        "Source lines",
        "15 more objects: locks, lists, queues",
        "Copy the text",
        "Text of the report",
        "Copy the command",
        "Command",
      ], "all controls that do something, in the order of the page");
      await page.focus("#step");
      await page.keyboard.press("ArrowLeft"); // the slider steps once
      await shown(page, run[1] - 2);
      for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowLeft");
      await shown(page, run[1] - 7);
      await page.focus("summary");
      await page.keyboard.press("Enter");
      await page.waitForSelector("details[open] table");
    })
  ));

for (const width of [1280, 380]) {
  for (const colorScheme of ["light", "dark"] as const) {
    Deno.test(`S2's page is in order: ${width} px, ${colorScheme}`, () =>
      withS2(({ url }) =>
        withPage(
          url,
          { viewport: { width, height: 900 }, colorScheme },
          async ({ complaints, page }) => {
            await page.waitForSelector("#text");
            assertEquals(await violations(page), []);
            await page.click("summary");
            await page.keyboard.press("End");
            assertEquals(await violations(page), []);
            assertEquals(await overflow(page), 0);
            assertEquals(complaints, []);
          },
        )
      ));
  }
}

Deno.test("S2's page copies the diagram and the command", () =>
  withS2(({ data, url }) =>
    withPage(url, { permissions: ["clipboard-read", "clipboard-write"] }, async ({ page }) => {
      await page.waitForSelector("#text");
      for (const [name, text] of [["diagram", data.text], ["command", data.command]]) {
        await page.click(`[data-copy=${name}]`);
        await page.waitForFunction(
          `document.querySelector("[data-copy=${name}]").textContent !== "Copy"`,
        );
        assertEquals(await page.textContent(`#${name}`), text);
        assertEquals(await page.evaluate("navigator.clipboard.readText()"), text);
      }
    })
  ));

Deno.test("S2's page without scripts tells what happened, and prints whole", () =>
  withS2(async ({ data, url }) => {
    await withPage(url, { javaScriptEnabled: false }, async ({ page }) => {
      assertEquals(await page.textContent("h1"), data.title);
      assertEquals(await page.locator(".story li").allTextContents(), [...data.story]);
      assertEquals(await page.textContent("#diagram"), data.text);
    });
    await withPage(url, {}, async ({ page }) => {
      await page.waitForSelector("#text");
      await page.emulateMedia({ media: "print" });
      assertEquals(await page.isVisible(".controls"), false);
      const hidden = await page.evaluate(
        `(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)(
          document.getElementById("diagram"))`,
      );
      assertEquals(hidden, 0, "nothing of the diagram is cut off");
    });
  }));

Deno.test("the largest page is below 1 MB, and draws no more than one can see", () =>
  withS2(({ data }) =>
    withDir(async (dir) => {
      const html = largest(data);
      assertLess(html.length, 1_000_000);
      Deno.writeTextFileSync(`${dir}/large.html`, html);
      await withPage(`file://${dir}/large.html`, {}, async ({ complaints, page }) => {
        await page.waitForSelector("#text");
        await page.keyboard.press("End");
        await shown(page, LARGEST - 1);
        assertLess(await page.locator(".timeline svg *").count(), 20_000);
        await page.keyboard.press("ArrowLeft");
        await shown(page, LARGEST - 2);
        assertEquals(complaints, []);
      });
    })
  ));
