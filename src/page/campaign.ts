/**
 * The page of a campaign: what it shows, and its file.
 *
 * @module
 */
import { deflateSync } from "node:zlib";
import type { CampaignData, CampaignFinding, CampaignPage } from "./campaign_data.ts";
import { type Cause, causesOf } from "./causes.ts";
import { html, text } from "./html.ts";

/** The name of a campaign: `objcg on posted, seed 1`. */
export function campaignName({ kernel, seed, target }: CampaignData): string {
  return `${target} on ${kernel}, seed ${seed}`;
}

/** The causes, for a browser without scripts. */
function plain({ campaigns }: CampaignPage): string {
  const link = ({ page, title }: CampaignFinding) =>
    page === null ? text(title) : `<a href="${text(page)}">${text(title)}</a>`;
  const item = ({ execs, findings, title }: Cause) =>
    `<li>${text(title)}, after ${execs} executions<ul>${
      findings.map((finding) => `<li>${link(finding)}</li>`).join("")
    }</ul></li>`;
  return campaigns.map((c) =>
    `<h2>${text(campaignName(c))}</h2><p>${c.execs} executions, ${c.features} features</p><ul>${
      causesOf(c.findings).map(item).join("")
    }</ul>`
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
