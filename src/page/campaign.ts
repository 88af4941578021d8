/**
 * The page of a campaign: what it shows, and its file.
 *
 * @module
 */
import { deflateSync } from "node:zlib";
import { html, text } from "./html.ts";

/** Progress at a moment. */
export interface Sample {
  /** Seconds since the campaign began; null if the campaign is bounded by executions. */
  readonly seconds: number | null;
  readonly execs: number;
  /** Of the last second; null if the campaign is bounded by executions. */
  readonly execsPerSec: number | null;
  readonly features: number;
  readonly queue: number;
}

/** A finding. */
export interface Cause {
  readonly title: string;
  /** The input of the corpus that shows the same bug; null if the bug is new. */
  readonly known: string | null;
  readonly file: string;
  /** The page of the finding; null if there is none. */
  readonly page: string | null;
  readonly execsToFind: number;
  readonly cpus: number;
  readonly ops: number;
  readonly switches: number;
  readonly command: string;
}

/** A shard, as it was last heard of. */
export interface ShardState {
  readonly shard: number;
  readonly phase: string;
  readonly execs: number;
  readonly execsPerSec: number | null;
  readonly features: number;
  readonly queue: number;
  readonly rssMb: number | null;
  /** How many processes did its work and died. */
  readonly deaths: number;
}

/** A campaign. */
export interface CampaignData {
  readonly target: string;
  readonly kernel: string;
  /** Decimal. */
  readonly seed: string;
  readonly cpus: number;
  readonly preempt: string;
  readonly strategy: string;
  readonly machine: string;
  readonly flags: Readonly<Record<string, unknown>>;
  /** What it ran on, by name. */
  readonly environment: Readonly<Record<string, string>>;
  readonly samples: readonly Sample[];
  readonly causes: readonly Cause[];
  readonly hangs: readonly { readonly title: string; readonly file: string | null }[];
  readonly shards: readonly ShardState[];
  /** All shards together, as last heard of. */
  readonly execs: number;
  readonly execsPerSec: number | null;
  readonly features: number;
  readonly points: number;
  readonly switches: number;
  readonly isOver: boolean;
}

/** What a kernel does with a file. */
export interface MatrixCell {
  readonly file: string;
  readonly kernel: string;
  readonly result: string;
  readonly title: string | null;
  readonly ok: boolean | null;
}

/** What a page of campaigns shows. */
export interface CampaignPage {
  readonly campaigns: readonly CampaignData[];
  /** The matrix, if it was run. */
  readonly matrix: readonly MatrixCell[];
  /** Whether the page gets news from the server that it comes from. */
  readonly live: boolean;
}

/** The name of a campaign: `objcg on posted, seed 1`. */
export function campaignName({ kernel, seed, target }: CampaignData): string {
  return `${target} on ${kernel}, seed ${seed}`;
}

/** The causes, for a browser without scripts. */
function plain({ campaigns }: CampaignPage): string {
  const link = ({ page, title }: Cause) =>
    page === null ? text(title) : `<a href="${text(page)}">${text(title)}</a>`;
  return campaigns.map((c) =>
    `<h2>${text(campaignName(c))}</h2><p>${c.execs} executions, ${c.features} features</p><ul>` +
    c.causes.map((cause) => `<li>${link(cause)}</li>`).join("") + "</ul>"
  ).join("");
}

/** A page of campaigns. */
export function campaignPage(page: CampaignPage): string {
  const title = page.live ? "A campaign" : "Campaigns";
  const bytes = deflateSync(new TextEncoder().encode(JSON.stringify(page)));
  return html({
    title: `objcg-fuzz: ${title.toLowerCase()}`,
    body: `<header><h1>${title}</h1></header>
<div id="app"><noscript>${plain(page)}</noscript></div>`,
    data: bytes.toString("base64"),
    program: "campaign",
    connect: page.live,
  });
}
