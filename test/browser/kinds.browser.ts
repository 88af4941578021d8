/** Pages of several kinds of findings, in a browser: each tells what happened, with arrows and key points. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { withDir } from "../system/harness.ts";
import { overflow, violations, withPage } from "./browser.ts";
import { withFinding } from "./pages.ts";

const SEEDS = "corpus/objcg/seeds";

const WIDTHS = [1280, 380];

/** A deadlock of two locks that lockdep does not know. */
const HANG = `objcg-fuzz 1
title: two locks in two orders
target: deadlock01
cpus: 3

cpu0  start(cpu1)
cpu0  start(cpu2)
cpu1  ab()
cpu2  ba()

schedule:
cpu0 until end
cpu1 until do_ab: mutex_trylock #2
cpu2 until do_ba: mutex_trylock #2
`;

/** What is replayed, what the title says, and what the story says. */
const KINDS: readonly (readonly [string, readonly string[], string, string])[] = [
  ["KASAN", [`${SEEDS}/b16-load-outside-rcu.txt`], "slab-use-after-free", "freed obj_cgroup#0 in"],
  ["a law", [`${SEEDS}/b06-statistics-of-the-wrong-node.txt`], "do not add up", "judged the state"],
  ["lockdep", [`${SEEDS}/s09-css-set-lock-siglock.txt`], "circular locking", "while it held"],
  ["KCSAN", [`${SEEDS}/b09-remote-look-at-stock.txt`], "data-race in", "nothing orders"],
  [
    "a hang",
    ["hang.txt", "--target", "test/bench/deadlock01.ts", "--kernel", "posted"],
    "task hung",
    "CPU1 waits for b, held by CPU2",
  ],
];

for (const [kind, [input, ...flags], title, told] of KINDS) {
  Deno.test(`the page of ${kind} tells what happened, and is in order`, () =>
    withDir(async (dir) => {
      Deno.writeTextFileSync(`${dir}/hang.txt`, HANG);
      const file = input === "hang.txt" ? `${dir}/${input}` : input;
      await withFinding(
        [file, ...flags],
        ({ data, url }) =>
          withPage(url, {}, async ({ complaints, page }) => {
            await page.waitForSelector("#text");
            assertStringIncludes((await page.textContent("h1"))!, title);
            assertStringIncludes((await page.textContent(".story"))!, told);
            assertEquals(await page.locator("path.arrow").count(), data.arrows.length);
            assert(data.arrows.length > 0);
            assertEquals(await page.locator("circle.key").count(), data.keys.length);
            // Every key point is one to which a key leads.
            for (const { index } of data.keys.slice(1)) {
              await page.keyboard.press("n");
              await page.waitForSelector(`#text[data-step="${index}"]`);
              assertStringIncludes((await page.textContent("p.key"))!, "Key point: ");
            }
            assertEquals(await violations(page), []);
            for (const width of WIDTHS) {
              for (const colorScheme of ["light", "dark"] as const) {
                await page.setViewportSize({ width, height: 900 });
                await page.emulateMedia({ colorScheme });
                const look = `${width} px, ${colorScheme}`;
                assertEquals(await overflow(page), 0, look);
                assertEquals(await violations(page), [], look);
              }
            }
            assertEquals(complaints, []);
          }),
      );
    }));
}

Deno.test("what was freed is marked from then on, and was not before", () =>
  withFinding(
    [`${SEEDS}/b16-load-outside-rcu.txt`],
    ({ data, url }) =>
      withPage(url, {}, async ({ page }) => {
        await page.waitForSelector("#text");
        const freed = data.points.findLastIndex(({ what, object }) =>
          what === "kfree" && object === "obj_cgroup#0"
        );
        assert(freed > 0);
        const mark = 'table[data-object="obj_cgroup#0"] .mark';
        await page.keyboard.press("Home");
        await page.waitForSelector(`#text[data-step="${data.run[0]}"]`);
        assertEquals(await page.locator(mark).count(), 0);
        await page.keyboard.press("End");
        await page.waitForSelector(mark);
        assertEquals(await page.textContent(mark), "freed");
      }),
  ));
