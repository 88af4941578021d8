/** A real browser: Debian's Chromium, driven by playwright-core. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import axe from "axe-core";

/** Where systems put Chromium. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

function findChromium(): string {
  for (const path of PLACES) {
    try {
      if (Deno.statSync(path).isFile) return path;
    } catch {
      // it may be at the next place
    }
  }
  throw new Error(
    `Cannot find Chromium at ${PLACES.join(", ")}: install it (apt-get install chromium)`,
  );
}

/** A page, and what it complained about. */
export interface Opened {
  readonly page: Page;
  /** Errors and warnings of the console, exceptions, and requests for anything but the page. */
  readonly complaints: string[];
}

/** Open an address in a browser of its own, for the time of `use`. */
export async function withPage(
  url: string,
  options: BrowserContextOptions,
  use: (opened: Opened) => Promise<void>,
): Promise<void> {
  const browser: Browser = await chromium.launch({
    executablePath: findChromium(),
    // Root may not use the sandbox; the pages are this project's own.
    args: ["--no-sandbox"],
  });
  try {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      ...options,
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      const own = new URL(request.url());
      const isOwn = own.protocol === "data:" || own.href.startsWith(new URL("./", url).href);
      if (!isOwn) complaints.push(`request for ${own.href}`);
    });
    await page.goto(url);
    await use({ page, complaints });
  } finally {
    await browser.close();
  }
}

/** What axe-core finds wrong, one line each. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations.map(({ id, nodes }) => ({
      id,
      html: nodes.map(({ html }) => html),
    }));
  });
  return found.map(({ id, html }) => `${id}: ${html.slice(0, 3).join(" ")}`);
}

/** How far the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - innerWidth");
}
