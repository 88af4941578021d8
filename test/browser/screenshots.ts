/**
 * Makes the pictures of the documentation, and measures the largest page: `deno task screenshots`.
 */
import { largest, withS2 } from "./pages.ts";
import { withDir } from "../system/harness.ts";
import { withPage } from "./browser.ts";

const FOLDER = new URL("../../.github/pictures/", import.meta.url).pathname;
/** Steps of the measurement. */
const STEPS = 50;

/** Milliseconds until something is done, as the page itself measures them. */
const TIMED_STEPS = `(async () => {
  const times = [];
  for (let i = 0; i < ${STEPS}; i++) {
    const before = performance.now();
    dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" }));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    times.push(performance.now() - before);
  }
  return times.sort((a, b) => a - b);
})()`;

await withS2(({ data, url }) =>
  withDir(async (dir) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await withPage(
        url,
        { colorScheme, viewport: { width: 1280, height: 1000 } },
        async (opened) => {
          const { page } = opened;
          await page.waitForSelector("#text");
          await page.screenshot({ path: `${FOLDER}finding-${colorScheme}.png` });
        },
      );
    }
    Deno.writeTextFileSync(`${dir}/large.html`, largest(data));
    await withPage(`file://${dir}/large.html`, {}, async ({ page }) => {
      await page.waitForSelector("#text");
      // From the begin of the navigation to the first step that is drawn.
      const opened = await page.evaluate("performance.now()") as number;
      const elements = await page.locator(".timeline svg *").count();
      const times = await page.evaluate(TIMED_STEPS) as number[];
      const { size } = Deno.statSync(`${dir}/large.html`);
      console.log(
        `the largest page: ${size} bytes, opened after ${
          Math.round(opened)
        } ms, ${elements} elements`,
      );
      const [median, most] = [times[STEPS / 2], times[STEPS - 1]].map((t) => t.toFixed(1));
      console.log(`a step: ${median} ms (median), ${most} ms (longest)`);
    });
  })
);
