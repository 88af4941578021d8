/**
 * The page of a campaign on 127.0.0.1.
 *
 * It answers only to its own host name and its own origin: another page in the same browser can
 * neither read it nor, by a name that it lets point to 127.0.0.1, pretend to be it.
 *
 * @module
 */
import { campaignPage } from "../../page/campaign.ts";
import type { CampaignData } from "../../page/campaign_data.ts";

const HOST = "127.0.0.1";
/** Milliseconds between two looks at the campaign. */
const NEWS_MS = 1000;
/** Milliseconds that a request waits for a page that is not written yet, and between two looks for it. */
const PAGE_WAIT_MS = 30_000;
const PAGE_LOOK_MS = 200;

const encoder = new TextEncoder();

/** Whether a request comes from the page itself, or from whoever typed its address. */
export function isOwn(request: Request, port: number): boolean {
  const hosts = [`${HOST}:${port}`, `localhost:${port}`];
  if (!hosts.includes(request.headers.get("host") ?? "")) return false;
  const origin = request.headers.get("origin");
  if (origin !== null && !hosts.some((host) => origin === `http://${host}`)) return false;
  const site = request.headers.get("sec-fetch-site");
  return site === null || site === "same-origin" || site === "none";
}

function answer(status: number, text: string, type = "text/plain"): Response {
  const headers = {
    "content-type": `${type}; charset=utf-8`,
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  };
  return new Response(text, { status, headers });
}

/** The campaign with links to the pages of its findings, as the server has them. */
function linked(data: CampaignData): CampaignData {
  const findings = data.findings.map((finding, i) => ({
    ...finding,
    page: finding.page === null ? null : `findings/${i}.html`,
  }));
  return { ...data, findings };
}

/** An event of the stream: figures without a name, coverage with one. */
function eventText(data: unknown, name?: string): Uint8Array {
  const event = name === undefined ? "" : `event: ${name}\n`;
  return encoder.encode(`${event}data: ${JSON.stringify(data)}\n\n`);
}

/** The figures, which change every second. */
function figures(data: CampaignData): CampaignData {
  return { ...linked(data), coverage: null };
}

/** Serves one campaign. */
export class PageServer {
  readonly #data: () => CampaignData;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #readers = new Set<ReadableStreamDefaultController<Uint8Array>>();
  readonly #clock: ReturnType<typeof setInterval>;
  #told = "";
  #isClosing = false;
  /** The coverage that was told last; it has the sources, so it is told only if there is more. */
  #coverage: CampaignData["coverage"] = null;

  constructor(data: () => CampaignData, port: number) {
    this.#data = data;
    this.#server = Deno.serve(
      { hostname: HOST, port, onListen: () => {} },
      (request) => this.#answer(request),
    );
    this.#clock = setInterval(() => this.tell(), NEWS_MS);
  }

  /** The address of the page. */
  get url(): string {
    return `http://${HOST}:${this.#server.addr.port}/`;
  }

  /** Tell all readers what is new. */
  tell(): void {
    const data = this.#data();
    if (data.coverage !== this.#coverage) {
      this.#coverage = data.coverage;
      this.#send(eventText(data.coverage, "coverage"));
    }
    const text = JSON.stringify(figures(data));
    if (text === this.#told) return;
    this.#told = text;
    this.#send(eventText(figures(data)));
  }

  /** Tell the last news, and end. */
  async close(): Promise<void> {
    clearInterval(this.#clock);
    this.#isClosing = true;
    this.tell();
    for (const reader of this.#readers) reader.close();
    this.#readers.clear();
    await this.#server.shutdown();
  }

  #send(event: Uint8Array): void {
    for (const reader of this.#readers) reader.enqueue(event);
  }

  #answer(request: Request): Response | Promise<Response> {
    if (!isOwn(request, this.#server.addr.port)) return answer(403, "This page is not for you\n");
    if (request.method !== "GET") return answer(405, "This page only tells\n");
    const { pathname } = new URL(request.url);
    if (pathname === "/events") return this.#events();
    const finding = /^\/findings\/(\d+)\.html$/.exec(pathname);
    if (finding !== null) return this.#finding(Number(finding[1]));
    if (pathname !== "/") return answer(404, "There is no such page\n");
    const campaigns = [linked(this.#data())];
    return answer(200, campaignPage({ campaigns, matrix: [], live: true }), "text/html");
  }

  /**
   * The page of a finding; only of one that the campaign told. A shard writes pages some time after it
   * tells of the first findings, so the answer waits for the page until the campaign is over.
   */
  async #finding(i: number): Promise<Response> {
    const page = this.#data().findings[i]?.page ?? null;
    if (page === null) return answer(404, "There is no such finding\n");
    for (let waited = 0;; waited += PAGE_LOOK_MS) {
      try {
        return answer(200, Deno.readTextFileSync(page), "text/html");
      } catch {
        if (this.#isClosing || waited >= PAGE_WAIT_MS) return answer(404, `Cannot read ${page}\n`);
      }
      await new Promise((resolve) => setTimeout(resolve, PAGE_LOOK_MS));
    }
  }

  #events(): Response {
    let own: ReadableStreamDefaultController<Uint8Array>;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        this.#readers.add(controller);
        const data = this.#data();
        if (data.coverage !== null) controller.enqueue(eventText(data.coverage, "coverage"));
        controller.enqueue(eventText(figures(data)));
      },
      cancel: () => void this.#readers.delete(own),
    });
    const headers = {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "cross-origin-resource-policy": "same-origin",
    };
    return new Response(stream, { headers });
  }
}
