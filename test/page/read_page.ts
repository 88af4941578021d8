/** Reads a page as its program does. */
import { inflateSync } from "node:zlib";
import { Buffer } from "node:buffer";
import type { CampaignPage } from "../../src/page/campaign_data.ts";
import type { PageData } from "../../src/page/data.ts";
import { unpack } from "../../src/page/pack.ts";

function dataIn(html: string) {
  const [, base64] = /<script id="data" type="text\/plain">([^<]*)</.exec(html)!;
  return JSON.parse(inflateSync(Buffer.from(base64, "base64")).toString());
}

/** The data in the page of a finding. */
export function readPage(html: string): PageData {
  return unpack(dataIn(html));
}

/** The data in a page of campaigns. */
export function readCampaigns(html: string): CampaignPage {
  return dataIn(html);
}
